// Something is missing: the clerk asks once, the clock stops, the citizen answers, the head refuses with reasons.

import assert from 'node:assert/strict';
import { fillPage, form, handInMaterials, next, PDF, receiptNumber } from '../lib/forms.mjs';
import { look } from '../lib/look.mjs';
import { act, chooseCitizen, offered, openCase, sitDown } from '../lib/people.mjs';
import { begin } from './apply.mjs';
import { until } from './decide.mjs';
import { PERMIT } from './items.mjs';

const WIDE = { width: 1280, height: 900 };

export async function correct(stage) {
  console.log('\nSomething is missing');
  const citizen = await stage.person('the second citizen');
  const clerk = await stage.person('the clerk', WIDE);
  let path;
  let number;

  await stage.scene('another citizen applies', async () => {
    const { page } = citizen;
    await page.goto(`/items/${PERMIT.code}`);
    await page.locator('.act a.btn, .act button.btn').first().click();
    await chooseCitizen(page, '示例·林小燕');
    await begin(page);
    await toReceipt(page);
    number = await receiptNumber(page);
    path = new URL(page.url()).pathname.replace(/\/receipt$/, '');
  });

  await stage.scene('the clerk asks once for what is missing', async () => {
    const { page } = clerk;
    await sitDown(page, PERMIT.agency, '示例·何公仆');
    await openCase(page, number);
    await act(page, 'claim');
    await openCase(page, number);
    await act(page, 'ask-correction', { words: '体检表缺少医院盖章，请补正后重新提交。', material: 0 });
    const lawful = await offered(page);
    assert.ok(!lawful.includes('ask-correction'), `one asks once: ${lawful}`);
  });

  await stage.scene('the citizen reads it first thing, and answers', async () => {
    const { page } = citizen;
    await page.goto('/me');
    await page.locator('section.wanted a.row').first().click();
    await page.locator('#correct').waitFor();
    assert.match(await page.locator('#correct').innerText(), /医院盖章/);
    await look(stage, citizen, 'case-correction');
    const file = { name: '体检表（盖章）.pdf', mimeType: 'application/pdf', buffer: PDF };
    await page.locator('#correct input[type=file]').first().setInputFiles(file);
    await page.locator('#correct textarea[name=note]').fill('已补盖章。');
    await Promise.all([page.waitForEvent('load'), page.locator('#correct .act button').click()]);
    assert.equal(await page.locator('#correct').count(), 0, 'nothing is wanted any more');
  });

  await stage.scene('a refusal needs a reason, and tells the citizen what they can do', async () => {
    await openCase(clerk.page, number);
    await act(clerk.page, 'accept');
    await openCase(clerk.page, number);
    await act(clerk.page, 'review', { reason: 'does-not-meet', words: '普通话等级未达到要求。' });
    await sitDown(clerk.page, PERMIT.agency, '示例·梁同事');
    await openCase(clerk.page, number);
    await act(clerk.page, 'review', { reason: 'does-not-meet', words: '同意。' });
    await sitDown(clerk.page, PERMIT.agency, '示例·谢科长');
    await openCase(clerk.page, number);
    await act(clerk.page, 'refuse');
    await clerk.page.locator('.judgement .error').first().waitFor();
    await look(stage, clerk, 'desk-reason-missing', { languages: 'this' });
    await act(clerk.page, 'refuse', { reason: 'any', words: '普通话水平测试等级未达到规定要求。' });
    await until(citizen.page, path, '.result');
    const text = await citizen.page.locator('main').innerText();
    assert.match(text, /普通话水平测试等级未达到规定要求/);
    assert.match(text, /行政复议/);
    await look(stage, citizen, 'case-refused');
  });

  await stage.scene('signing out ends it', async () => {
    const { page } = citizen;
    await page.goto('/signout');
    await look(stage, citizen, 'signout');
    await Promise.all([page.waitForEvent('load'), page.locator('main form button').click()]);
    await page.goto(path);
    assert.match(new URL(page.url()).pathname, /^\/signin/, 'my case asks who it is');
  });
  await citizen.context.close();
  await clerk.context.close();
}

/** Through all pages of the application, from its first to the receipt. */
export async function toReceipt(page) {
  for (let at = 0; at < 12 && !/\/(materials|check)$/.test(page.url()); at += 1) {
    await fillPage(page);
    await next(page);
    assert.equal(await page.locator('.errors').count(), 0, await page.locator('.errors').allInnerTexts().then(String));
  }
  if (page.url().endsWith('/materials')) {
    await handInMaterials(page);
    await next(page);
  }
  await page.waitForURL(/\/check$/);
  await Promise.all([page.waitForEvent('load'), form(page).locator('button.btn.big').click()]);
  await page.waitForURL(/\/me\/cases\/[^/]+\/receipt/);
}
