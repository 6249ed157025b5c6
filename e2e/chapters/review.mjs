// An inspector's shift: a station reports what it is unsure of, and a person judges it by single keys, takes one back, and is
// read by the station.

import assert from 'node:assert/strict';
import { next } from '../lib/forms.mjs';
import { look } from '../lib/look.mjs';
import { chooseCitizen, sitDown } from '../lib/people.mjs';
import { board } from '../lib/picture.mjs';

const FACTORY = '示例·远航电子科技有限公司';
const LEGAL = '示例·周志远';
const UNITS = ['D-000001', 'D-000002', 'D-000003'];

export async function review(stage) {
  console.log('\nAn inspector at the review desk');
  const owner = await stage.person('the factory', { width: 1280, height: 900 });
  const inspector = await stage.person('the inspector', { width: 1280, height: 900 });
  let credential;

  await stage.scene('the factory registers a station', async () => {
    const { page } = owner;
    await page.goto('/signin?back=/me/organisations');
    await chooseCitizen(page, LEGAL);
    const known = page.locator('.rows a[href^="/me/organisations/"]', { hasText: FACTORY });
    if ((await known.count()) === 0) {
      const line = page.locator('ul.dots li', { hasText: FACTORY });
      const [code] = (await line.first().innerText()).match(/[0-9A-Z]{18}/);
      await page.locator('input[name=code]').fill(code);
      await next(page);
    }
    await known.first().click();
    await page.locator('main a[href$="/stations"]').click();
    await page.locator('input[name=name]').fill('六号线工位');
    await send(page, page.locator('main button.big'));
    credential = (await page.locator('main code').innerText()).trim();
  });

  await stage.scene('the station reports three units that it is unsure of', async () => {
    const template = board();
    for (const [n, serial] of UNITS.entries()) {
      const cut = { x: 60 + 70 * n, y: 80 + 40 * n, width: 14, height: 8 };
      const test = board(cut);
      const report = {
        item: 'ex-incoming-board', serial, lot: 'L-0001', recipe: 'board-a/3', judged: 'unsure', score: 0.6, model: 'story-1',
        findings: [{ class: 'mousebite', score: 0.6, ...cut }], test_picture: test.hash, template_picture: template.hash,
      };
      const told = await ask(stage, credential, 'inspections', JSON.stringify(report), 'POST');
      assert.equal(told.decision, 'review');
      for (const picture of [test, template]) await ask(stage, credential, `pictures/${picture.hash}`, picture.bytes, 'PUT');
    }
  });

  await stage.scene('the inspector looks: blinks, sees the difference, zooms', async () => {
    const { page } = inspector;
    await sitDown(page, FACTORY, '示例·梁同事');
    await page.locator('nav.tabs a[href="/desk/review"]').click();
    await ready(page);
    assert.match(await page.locator('.waits').innerText(), /^3 /);
    const checked = (id) => page.locator(`#${id}`).isChecked();
    await page.keyboard.press(' ');
    assert.ok(await checked('blink'), 'the space bar blinks');
    await page.keyboard.press(' ');
    await page.keyboard.press('o');
    assert.ok(await checked('see-difference'));
    await page.keyboard.press('o');
    assert.ok(await checked('see-test'), 'and back');
    const shown = () => page.locator('.stage svg').getAttribute('viewBox');
    const whole = await shown();
    await page.locator('.stage').hover();
    await page.keyboard.press('z');
    assert.notEqual(await shown(), whole, 'Z shows a part');
    await page.keyboard.press('z');
    assert.equal(await shown(), whole);
    await look(stage, inspector, 'review');
  });

  await stage.scene('three are judged by keys, and one of them is taken back', async () => {
    const { page } = inspector;
    await page.goto('/desk/review');
    const first = await serial(page);
    await judge(page, '1');
    assert.notEqual(await serial(page), first);
    assert.match(await page.locator('.undo').innerText(), new RegExp(`${first}[\\s\\S]*断路`));
    await look(stage, inspector, 'review-undo');
    await judge(page, 'u');
    assert.equal(await serial(page), first, 'it is there again');
    assert.equal(await page.locator('.undo').count(), 0);
    for (const key of ['Enter', '1', '1']) await judge(page, key);
    assert.match(await page.locator('main').innerText(), /没有等你看的/);
    const told = await settled(stage, credential, 3);
    const labels = told.map(({ serial, decision, labels }) => [serial === first, decision, labels.map((label) => label.class)]);
    assert.deepEqual(labels, [[true, 'ok', []], [false, 'ng', ['open']], [false, 'ng', ['open']]]);
  });

  await stage.scene('whoever answers for it sees how far two agree', async () => {
    const { page } = inspector;
    await sitDown(page, FACTORY, '示例·谢科长');
    await page.goto('/desk/review/agreement');
    assert.match(await page.locator('main').innerText(), /还没有|没有两个人都看过/);
    await look(stage, inspector, 'review-agreement');
  });

  await owner.context.close();
  await inspector.context.close();
}

async function ready(page) {
  await page.locator('[data-armed]').waitFor();
}

async function serial(page) {
  await ready(page);
  return (await page.locator('.lookat h1 .code').innerText()).trim();
}

async function judge(page, key) {
  await ready(page);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
}

/** What a station is answered. */
async function ask(stage, credential, place, body, method = 'GET') {
  const headers = { authorization: `Bearer ${credential}`, 'content-type': method === 'POST' ? 'application/json' : 'image/png' };
  const answer = await fetch(`${stage.origin}/api/v1/stations/${place}`, { method, headers, body });
  assert.ok(answer.ok, `${method} ${place}: ${answer.status}`);
  return answer.json();
}

/** The reviews, once the worker has carried the last verdict out. */
async function settled(stage, credential, wanted) {
  for (let tries = 0; tries < 60; tries += 1) {
    const { reviews } = await ask(stage, credential, 'reviews');
    if (reviews.length >= wanted) return reviews;
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  throw new Error('the verdicts were not carried out');
}

async function send(page, button) {
  await Promise.all([page.waitForEvent('load'), button.first().click()]);
}
