// A partner's application signs somebody in with their account here: what it would see, agreeing, and taking that back.
// The application is a public one that `cargo xtask test` registers as `library`; its address is answered by the browser
// itself, so that nothing leaves this machine.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { look } from '../lib/look.mjs';
import { chooseCitizen } from '../lib/people.mjs';

const READER = '示例·吴美玲';
const LIBRARY = 'https://library.example';

export async function partner(stage) {
  console.log('\nA library signs somebody in');
  const reader = await stage.person('the reader', { also: [LIBRARY] });
  const { page, context } = reader;
  await context.route(`${LIBRARY}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Library</h1>' }));
  const verifier = randomBytes(32).toString('base64url');
  const ask = new URLSearchParams({
    client_id: 'library',
    redirect_uri: `${LIBRARY}/cb`,
    response_type: 'code',
    scope: 'openid profile id_number',
    state: 'shelf-7',
    nonce: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const begin = () => page.goto(`${LIBRARY}/`).then(() => page.goto(`/oauth/authorize?${ask}`));
  let token;

  await stage.scene('the reader is told what it would see and why, and may say no', async () => {
    await begin();
    await chooseCitizen(page, READER);
    const text = await page.locator('main').innerText();
    assert.match(text, /示例·图书馆/);
    assert.match(text, /印在借书证上/, 'the purpose is told');
    await look(stage, reader, 'partner-asks');
    await page.locator('main form button').last().click();
    await page.waitForURL(`${LIBRARY}/cb**`);
    assert.equal(new URL(page.url()).searchParams.get('error'), 'access_denied');
  });

  await stage.scene('what is sensitive needs a tick of its own', async () => {
    await begin();
    const box = page.locator('main input[type=checkbox]');
    assert.equal(await box.count(), 1, 'the number is agreed to apart');
    assert.equal(await box.isChecked(), false);
    await box.check();
    await page.locator('main form button').first().click();
    await page.waitForURL(`${LIBRARY}/cb**`);
    const answer = new URL(page.url()).searchParams;
    assert.equal(answer.get('state'), 'shelf-7');
    assert.equal(answer.get('iss'), stage.origin);
    const exchanged = await fetch(`${stage.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: answer.get('code'),
        redirect_uri: `${LIBRARY}/cb`,
        client_id: 'library',
        code_verifier: verifier,
      }),
    });
    assert.equal(exchanged.status, 200, await exchanged.clone().text());
    token = (await exchanged.json()).access_token;
    const claims = await (await told()).json();
    assert.equal(claims.name, READER);
    assert.match(claims.id_number, /^990000/);
  });

  await stage.scene('the reader sees it among the looks, and takes it back', async () => {
    await page.goto('/me/privacy/reads');
    assert.match(await page.locator('main').innerText(), /示例·图书馆/);
    await page.goto('/me/authorisations');
    await look(stage, reader, 'partner-agreed');
    const form = page.locator('main form[action="/me/authorisations/withdraw"]').first();
    await Promise.all([page.waitForEvent('load'), form.locator('button').click()]);
    assert.equal((await told()).status, 401, 'its token opens nothing any more');
  });
  await context.close();

  function told() {
    return fetch(`${stage.origin}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  }
}
