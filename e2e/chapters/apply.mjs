// A citizen applies: signs in on the way, mistypes, hands in materials, checks, submits twice, has one receipt.

import assert from 'node:assert/strict';
import { fillPage, form, handInMaterials, next, PDF, receiptNumber } from '../lib/forms.mjs';
import { look } from '../lib/look.mjs';
import { chooseCitizen } from '../lib/people.mjs';
import { PERMIT } from './items.mjs';

export async function apply(stage) {
  console.log('\nA citizen applies');
  const citizen = await stage.person('the citizen');
  const { page, context } = citizen;
  let first;

  await stage.scene('applying asks who it is, and comes back to the application', async () => {
    await page.goto(`/items/${PERMIT.code}`);
    await page.locator('.act a.btn, .act button.btn').first().click();
    await page.waitForURL(/\/signin/);
    await look(stage, citizen, 'signin');
    await chooseCitizen(page, '示例·陈晓明');
    await begin(page);
    assert.equal(await form(page).locator('[name=name]').inputValue(), '示例·陈晓明', 'what is known is filled in');
    first = page.url();
    await look(stage, citizen, 'apply-1');
  });

  await stage.scene('a typing mistake is shown at its field, and what was typed is kept', async () => {
    await fillPage(page, { mobile: '1380013' });
    await next(page);
    const field = page.locator('.field.wrong', { has: page.locator('[name=mobile]') });
    assert.equal(await field.locator('[name=mobile]').inputValue(), '1380013');
    assert.equal(await field.locator('[name=mobile]').getAttribute('aria-invalid'), 'true');
    assert.ok((await field.locator('.error').innerText()).trim().length > 3, 'the field says what is wrong');
    await page.locator('.errors a[href="#f-mobile"]').waitFor();
    await look(stage, citizen, 'apply-mistake', { languages: 'this' });
    await fillPage(page, { mobile: '13000000001' });
    await next(page);
    assert.equal(await page.locator('.errors').count(), 0, 'the mistake is gone');
  });

  await stage.scene('the rest of the form is filled, and going back loses nothing', async () => {
    await look(stage, citizen, 'apply-2');
    await fillPage(page);
    await next(page);
    for (let at = 0; at < 12 && !page.url().endsWith('/materials'); at += 1) {
      await fillPage(page);
      await next(page);
    }
    assert.match(page.url(), /\/materials$/);
    const materials = page.url();
    await page.goto(first);
    assert.equal(await form(page).locator('[name=mobile]').inputValue(), '13000000001');
    await page.goto(materials);
  });

  await stage.scene('a file of a wrong kind is refused by name; a PDF is taken', async () => {
    const material = page.locator('fieldset.material').first();
    const wrong = { name: '我的材料.docx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\u0003\u0004 not a document') };
    await material.locator('input[type=file]').setInputFiles(wrong);
    await upload(page);
    assert.match(await page.locator('fieldset.material .error').first().innerText(), /我的材料\.docx/);
    await look(stage, citizen, 'apply-wrong-file', { languages: 'this' });
    const right = { name: '申请材料.pdf', mimeType: 'application/pdf', buffer: PDF };
    await page.locator('fieldset.material').first().locator('input[type=file]').setInputFiles(right);
    await upload(page);
    assert.equal(await page.locator('fieldset.material .error').count(), 0);
    await page.locator('fieldset.material .file a', { hasText: '申请材料.pdf' }).waitFor();
    await handInMaterials(page);
    await upload(page);
    await look(stage, citizen, 'apply-materials');
    await next(page);
  });

  let applied;
  await stage.scene('one looks everything over, submits with a double click, and has one receipt', async () => {
    await page.waitForURL(/\/apply\/[^/]+\/check$/);
    const text = await page.locator('main').innerText();
    assert.match(text, /示例·陈晓明/);
    assert.match(text, /申请材料\.pdf/);
    assert.doesNotMatch(text, /990000199005160018|19900516001/, 'the citizen number is masked');
    await look(stage, citizen, 'apply-check');
    const submission = await remember(page);
    await form(page).locator('button.btn.big').dblclick();
    await page.waitForURL(/\/me\/cases\/[^/]+\/receipt/);
    applied = { number: await receiptNumber(page), path: new URL(page.url()).pathname.replace(/\/receipt$/, ''), citizen };
    await look(stage, citizen, 'receipt');
    const again = await context.request.post(submission.action, { form: submission.fields, headers: { origin: stage.origin }, maxRedirects: 0 });
    assert.equal(again.status(), 303, `sent again: ${again.status()}`);
    assert.ok(again.headers().location.includes(applied.path), `${again.headers().location} is the same case as ${applied.path}`);
    await page.goto('/me');
    assert.equal(await page.locator('main a.row[href^="/me/cases/"]').count(), 1, 'there is one case');
    assert.equal(await page.locator('main a.row[href^="/apply/"]').count(), 0, 'and no draft left');
    await look(stage, citizen, 'me');
    await page.goto(applied.path);
    await look(stage, citizen, 'case-running');
  });
  return applied;
}

/** From wherever signing in led back to, to the application's first page. */
export async function begin(page) {
  if (!/\/apply\//.test(page.url())) await page.locator('.act a.btn, .act button.btn').first().click();
  await page.waitForURL(/\/apply\/[^/]+\/[^/]+$/);
}

async function upload(page) {
  await Promise.all([page.waitForEvent('load'), page.locator('button[name=do][value=upload]').click()]);
}

/** What the submit button would send, to send it once more as a retry does. */
async function remember(page) {
  const inputs = await form(page).locator('input[type=hidden]').all();
  const pairs = await Promise.all(inputs.map(async (i) => [await i.getAttribute('name'), await i.getAttribute('value')]));
  return { action: await form(page).getAttribute('action'), fields: Object.fromEntries(pairs) };
}
