// The agency handles the case lawfully, and the citizen has the result.

import assert from 'node:assert/strict';
import { look } from '../lib/look.mjs';
import { act, offered, openCase, sitDown } from '../lib/people.mjs';
import { PERMIT } from './items.mjs';

const WIDE = { width: 1280, height: 900 };

export async function decide(stage, applied) {
  console.log('\nThe agency decides');
  const clerk = await stage.person('the clerk', WIDE);
  const colleague = await stage.person('the colleague', WIDE);
  const head = await stage.person('the head', WIDE);

  await stage.scene('a clerk signs in, claims the case and accepts it', async () => {
    const { page } = clerk;
    await page.goto('/signin/officer');
    await look(stage, clerk, 'officer-signin');
    await sitDown(page, PERMIT.agency, '示例·何公仆');
    await page.locator('table.queue tr', { hasText: applied.number }).waitFor();
    await look(stage, clerk, 'desk');
    await openCase(page, applied.number);
    await act(page, 'claim');
    await openCase(page, applied.number);
    const evidence = await page.locator('.evidence').innerText();
    assert.match(evidence, /申请材料\.pdf/, 'all evidence is on one page');
    const lawful = await offered(page);
    assert.ok(lawful.includes('accept') && !lawful.includes('grant'), `only what is lawful now: ${lawful}`);
    await look(stage, clerk, 'desk-case');
    await act(page, 'accept');
  });

  await stage.scene('the evidence opens as a file, and only for those who may see it', async () => {
    const href = await clerk.page.locator('.evidence .file a').first().getAttribute('href');
    const seen = await clerk.context.request.get(href);
    assert.equal(seen.status(), 200);
    assert.match(seen.headers()['content-type'], /application\/pdf/);
    const stranger = await stage.person('a stranger');
    const refused = await stranger.context.request.get(href, { maxRedirects: 0 });
    assert.ok(refused.status() >= 300, `a stranger gets ${refused.status()}`);
    await stranger.context.close();
  });

  await stage.scene('two officers review it, never one twice', async () => {
    await openCase(clerk.page, applied.number);
    await act(clerk.page, 'review', { reason: 'meets', words: '材料齐全，符合条件。' });
    await openCase(clerk.page, applied.number);
    assert.ok(!(await offered(clerk.page)).includes('review'), 'the same officer cannot review twice');
    await sitDown(colleague.page, PERMIT.agency, '示例·梁同事');
    await openCase(colleague.page, applied.number);
    await act(colleague.page, 'review', { reason: 'meets', words: '复核无误。' });
  });

  await stage.scene('the head grants it with reasons', async () => {
    await sitDown(head.page, PERMIT.agency, '示例·谢科长');
    await openCase(head.page, applied.number);
    const lawful = await offered(head.page);
    assert.ok(lawful.includes('grant') && lawful.includes('refuse'), `the head may decide: ${lawful}`);
    await look(stage, head, 'desk-decide');
    await act(head.page, 'grant', { words: '经审查，符合认定条件，准予认定。' });
  });

  await stage.scene('the citizen has a message and the result', async () => {
    const { page } = applied.citizen;
    await until(page, applied.path, '.result');
    assert.match(await page.locator('.result').innerText(), new RegExp(PERMIT.name));
    await look(stage, applied.citizen, 'case-granted');
    await page.goto('/me/messages');
    const messages = page.locator('main ul.rows a.row');
    assert.ok((await messages.count()) >= 2, 'acceptance and decision were told');
    await look(stage, applied.citizen, 'messages');
    await messages.first().click();
    await page.locator('article h1').waitFor();
    await look(stage, applied.citizen, 'message');
  });

  await stage.scene('and rates the service', async () => {
    const { page } = applied.citizen;
    await until(page, applied.path, `a[href="${applied.path}/rate"]`);
    await page.goto(`${applied.path}/rate`);
    await look(stage, applied.citizen, 'rate');
    await page.locator('input[name=level][value="5"]').check();
    await page.locator('textarea[name=words]').fill('很快，一次就办好了。');
    await Promise.all([page.waitForEvent('load'), page.locator('main form .act button').click()]);
    await page.goto(applied.path);
    assert.equal(await page.locator(`a[href="${applied.path}/rate"]`).count(), 0, 'rated once');
    await look(stage, applied.citizen, 'case-rated');
  });
  for (const { context } of [clerk, colleague, head]) await context.close();
}

/** Reloads until something shows: issuing and delivering are done by a worker, moments later. */
export async function until(page, path, selector) {
  for (let at = 0; at < 40; at += 1) {
    await page.goto(path);
    if ((await page.locator(selector).count()) > 0) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`${path} never showed ${selector}`);
}
