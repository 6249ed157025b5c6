// A daughter acts for her mother, without script: she asks, the mother agrees, she applies, the mother sees it and ends it.

import assert from 'node:assert/strict';
import { fillPage, next } from '../lib/forms.mjs';
import { look } from '../lib/look.mjs';
import { chooseCitizen } from '../lib/people.mjs';
import { begin } from './apply.mjs';
import { toReceipt } from './correct.mjs';
import { PERMIT } from './items.mjs';

const DAUGHTER = '示例·吴美玲';
const MOTHER = '示例·李秀英';
const BANNER = `办事人：${DAUGHTER}，为 ${MOTHER} 办理`;

export async function relatives(stage) {
  console.log('\nA daughter acts for her mother');
  const daughter = await stage.person('the daughter', { script: false });
  const mother = await stage.person('the mother');
  let path;

  await stage.scene('she asks, and is not told who is registered', async () => {
    const { page } = daughter;
    await page.goto('/me/relatives/ask');
    const number = await page.locator('button[name=person]', { hasText: MOTHER }).getAttribute('value');
    await chooseCitizen(page, DAUGHTER);
    await page.locator('input[name=name]').fill('');
    await next(page);
    assert.match(await page.locator('#e-name').innerText(), /姓名/);
    await look(stage, daughter, 'relatives-ask', { languages: 'this' });
    await page.locator('input[name=name]').fill(MOTHER);
    await page.locator('input[name=number]').fill(number);
    await next(page);
    assert.match(await page.locator('.notice').innerText(), /请求已发出/);
    await look(stage, daughter, 'relatives-asked');
  });

  await stage.scene('the mother reads who asks for what, and agrees', async () => {
    const { page } = mother;
    await page.goto('/me');
    await chooseCitizen(page, MOTHER);
    await look(stage, mother, 'me-asked');
    await page.locator('.wanted a.row', { hasText: `${DAUGHTER} 想替你办事` }).click();
    await look(stage, mother, 'relatives-asks');
    await send(page, page.locator('section.wanted button[value=yes]'));
    assert.match(await page.locator('main').innerText(), new RegExp(`${DAUGHTER}[\\s\\S]*有效`));
  });

  await stage.scene('the daughter applies for her, and every page says so', async () => {
    const { page } = daughter;
    await page.goto('/me/relatives');
    await send(page, page.locator('button[name=tie]'));
    await page.goto(`/items/${PERMIT.code}`);
    assert.match(await page.locator('.acting').innerText(), new RegExp(BANNER));
    await look(stage, daughter, 'acting-item');
    await page.locator('.act a.btn, .act button.btn', { hasText: /申请|办/ }).first().click();
    await begin(page);
    assert.match(await page.locator('.acting').innerText(), new RegExp(BANNER));
    await fillPage(page, { mobile: '13000000004' });
    await toReceipt(page);
    assert.match(await page.locator('main').innerText(), new RegExp(MOTHER));
    path = new URL(page.url()).pathname.replace(/\/receipt$/, '');
    await page.goto(path);
    await look(stage, daughter, 'acting-case');
  });

  await stage.scene('the mother sees who did what, and ends it', async () => {
    const { page } = mother;
    await page.goto(path);
    assert.match(await page.locator('main').innerText(), new RegExp(`${DAUGHTER} 代办`));
    await page.goto('/me/relatives');
    assert.match(await page.locator('main').innerText(), new RegExp(`${DAUGHTER} 代办`));
    await look(stage, mother, 'relatives');
    await send(page, page.locator('form[action$="/end"] button'));
    assert.match(await page.locator('.notice').innerText(), /马上生效/);
    const answer = await daughter.page.goto(path);
    assert.equal(answer.status(), 404, 'what is ended is ended at once');
    assert.equal(await daughter.page.locator('.acting').count(), 0);
  });

  await stage.scene('a company is registered by its legal representative', async () => {
    const { page } = daughter;
    await page.goto('/signin?back=/me/organisations');
    await chooseCitizen(page, '示例·周志远');
    const code = (await page.locator('ul.dots li').first().innerText()).match(/[0-9A-Z]{18}/)[0];
    await page.locator('input[name=code]').fill(code.replace(/.$/, '?'));
    await next(page);
    assert.match(await page.locator('#e-code').innerText(), /18 位/);
    await page.locator('input[name=code]').fill(code);
    await next(page);
    await look(stage, daughter, 'organisations');
    await page.locator('.rows a[href^="/me/organisations/"]').first().click();
    await look(stage, daughter, 'organisation');
  });

  await stage.scene('a station of hers is registered, and revoked', async () => {
    const { page } = daughter;
    await page.locator('main a[href$="/stations"]').click();
    await page.locator('input[name=name]').fill('三号线工位');
    await send(page, page.locator('main button.big'));
    assert.match(await page.locator('main code').innerText(), /^\S{40,}$/, 'the credential is shown this once');
    await look(stage, daughter, 'stations', { languages: 'this' });
    const stations = page.url();
    await page.goto(stations);
    assert.equal(await page.locator('main code').count(), 0);
    await look(stage, daughter, 'stations-later');
    await send(page, page.locator('form[action$="/revoke"] button'));
    assert.equal(await page.locator('form[action$="/revoke"]').count(), 0);
  });

  for (const person of [daughter, mother]) {
    await person.page.goto('/signout');
    await send(person.page, person.page.locator('main form button'));
  }
  await daughter.context.close();
  await mother.context.close();
}

async function send(page, button) {
  await Promise.all([page.waitForEvent('load'), button.first().click()]);
}
