// What is kept about somebody: an officer must give a reason to see a number whole, and the person reads who looked.

import assert from 'node:assert/strict';
import { look } from '../lib/look.mjs';
import { chooseCitizen, sitDown } from '../lib/people.mjs';
import { CERTIFIED } from './items.mjs';

const WIDE = { width: 1280, height: 900 };
const HOLDER = '示例·吴美玲';

export async function privacy(stage) {
  console.log('\nWho looks at my data, and what I can do about it');
  const citizen = await stage.person('the person');
  const desk = await stage.person('an officer', WIDE);
  let path;

  await stage.scene('an officer sees the number whole for a reason only', async () => {
    await citizen.page.goto('/me');
    await chooseCitizen(citizen.page, HOLDER);
    path = await citizen.page.locator('a[href^="/me/cases/"]').first().getAttribute('href');
    const { page } = desk;
    await sitDown(page, CERTIFIED.agency, '同事');
    await page.goto(`/desk/cases/440000/${path.split('/').pop()}`);
    const masked = await page.locator('main').innerText();
    assert.match(masked, /9900\*+/, 'the number is masked');
    const fold = page.locator('details.fold', { has: page.locator('form[action$="/unmask"]') });
    await fold.locator('> summary').click();
    await look(stage, desk, 'desk-unmask');
    await fold.locator('input[name=reason]').first().check();
    await Promise.all([page.waitForEvent('load'), fold.locator('form button').last().click()]);
    assert.match(await page.locator('main').innerText(), /990000\d{11}[\dX]/, 'and shown for a reason');
    await look(stage, desk, 'desk-unmasked', { languages: 'this' });
  });

  await stage.scene('the person reads who looked and why', async () => {
    const { page } = citizen;
    await page.goto('/me');
    await page.locator('a[href="/me/privacy"]').click();
    await look(stage, citizen, 'privacy');
    await page.goto('/me/privacy/reads');
    assert.match(await page.locator('main').innerText(), /梁同事/);
    await look(stage, citizen, 'reads');
  });

  await stage.scene('the person takes all their data along', async () => {
    const { page } = citizen;
    await page.goto('/me/privacy/export');
    await look(stage, citizen, 'export');
    const [archive] = await Promise.all([page.waitForEvent('download'), page.locator('main form .act button').click()]);
    assert.match(archive.suggestedFilename(), /\.zip$/);
  });

  await stage.scene('and is told what erasure must leave', async () => {
    const { page } = citizen;
    await page.goto('/me/privacy/delete');
    await look(stage, citizen, 'delete');
    await Promise.all([page.waitForEvent('load'), page.locator('main form .act button').click()]);
    assert.equal(await page.locator('main .error').count(), 1, 'nothing goes without the tick');
    await page.goto('/me/authorisations');
    await look(stage, citizen, 'authorisations');
  });
  for (const { context } of [citizen, desk]) await context.close();
}
