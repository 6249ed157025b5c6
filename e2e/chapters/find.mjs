// A newcomer finds their way: home, search, guides, lists, the other language, the elders' version.

import assert from 'node:assert/strict';
import { look, weight } from '../lib/look.mjs';
import { PERMIT } from './items.mjs';

const MOST_BYTES = 60_000;

export async function find(stage) {
  console.log('\nA newcomer finds an item');
  const newcomer = await stage.person('the newcomer');
  const { page } = newcomer;

  await stage.scene('the home page weighs at most 60 kB with everything', async () => {
    const { decoded, wire, parts } = await weight(stage, '/');
    assert.ok(parts.length >= 2, `the page and its stylesheet were counted: ${parts.join(', ')}`);
    assert.ok(Math.max(decoded, wire) <= MOST_BYTES, `${wire} bytes sent, ${decoded} decoded:\n${parts.join('\n')}`);
    console.log(`         ${wire} bytes sent, ${decoded} decoded`);
  });

  await stage.scene('the home page opens with one field to search', async () => {
    const answer = await page.goto('/');
    assert.equal(answer.status(), 200);
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
    await page.locator('main input[name=q]').waitFor();
    await page.locator('.demo').waitFor();
    await look(stage, newcomer, 'home');
  });

  let worked;
  await stage.scene('“shebao” finds social insurance and marks why', async () => {
    await page.locator('main input[name=q]').fill('shebao');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/search\?.*q=shebao/);
    const results = page.locator('main ul.rows a.row[href^="/items/"]');
    assert.ok((await results.count()) >= 3, 'several items are found');
    const text = await page.locator('main').innerText();
    assert.match(text, /社保|社会保险|参保/, 'they are about social insurance');
    assert.ok((await page.locator('main mark').count()) > 0, 'what matched is marked');
    worked = await results.first().getAttribute('href');
    await look(stage, newcomer, 'search');
  });

  await stage.scene('the guide answers three questions first', async () => {
    await page.goto(worked);
    assert.equal(await page.locator('dl.three > div').count(), 3);
    await look(stage, newcomer, 'item-worked');
    await page.goto(`/items/${PERMIT.code}`);
    assert.match(await page.locator('h1').innerText(), new RegExp(PERMIT.name));
    assert.equal(await page.locator('.act a.btn, .act button.btn').count(), 1, 'there is one thing to do');
    await look(stage, newcomer, 'item-real');
  });

  await stage.scene('themes, agencies and areas lead to items', async () => {
    for (const [path, name] of [['/themes', 'themes'], ['/agencies', 'agencies'], ['/areas', 'areas'], ['/help', 'help'], ['/about', 'about']]) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), 200, path);
      await look(stage, newcomer, name);
    }
    await page.goto('/themes');
    await page.locator('main a.row').first().click();
    await page.locator('main ul.rows a.row[href^="/items/"]').first().waitFor();
    await look(stage, newcomer, 'theme');
  });

  await stage.scene('words that match nothing, and a page that does not exist, help on', async () => {
    await page.goto('/search?q=zzqqxxyyzz');
    await look(stage, newcomer, 'search-nothing');
    const answer = await page.goto('/no/such/page');
    assert.equal(answer.status(), 404);
    await page.locator('main input[name=q]').waitFor();
    await look(stage, newcomer, 'not-found');
  });

  await stage.scene('one touch changes the language, and another back', async () => {
    await page.goto('/');
    await page.locator('header a[hreflang]').click();
    await page.waitForFunction(() => document.documentElement.lang.startsWith('en'));
    assert.match(await page.locator('h1').innerText(), /[a-z]/i);
    await page.locator('header a[hreflang]').click();
    await page.waitForFunction(() => document.documentElement.lang.startsWith('zh'));
  });

  await stage.scene("the elders' version is one touch away and larger", async () => {
    const size = () => page.locator('body').evaluate((body) => Number.parseFloat(getComputedStyle(body).fontSize));
    await page.goto('/');
    const standard = await size();
    await page.locator('header a.pill').click();
    await page.locator('html.elders').waitFor();
    const large = await size();
    assert.ok(large >= 22 && large > standard, `${standard}px becomes ${large}px`);
    const low = await page.locator('main .btn').evaluateAll((all) => Math.min(...all.map((b) => b.getBoundingClientRect().height)));
    assert.ok(low >= 60, `buttons are ${low}px high`);
    await look(stage, newcomer, 'home-elders');
    await page.goto(`/items/${PERMIT.code}`);
    await look(stage, newcomer, 'item-elders');
    await page.locator('header a.pill').click();
    await page.locator('html:not(.elders)').waitFor();
  });
  await newcomer.context.close();
}
