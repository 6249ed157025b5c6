// Filling in forms as a person does: question by question, whatever the item asks.

import assert from 'node:assert/strict';

/** A PDF of one empty page. */
export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n'
  + '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);

/** The main form of an application page. */
export const form = (page) => page.locator('main form.form');

/** Answers that fit most questions of that name (the credit code is of an area that does not exist); other texts get words. */
const KNOWN = { applicant_kind: 'person', request: '申请办理，希望尽快收到结果。', credit_code: '91990000MA0000001B' };

/**
 * Answers every question that is still open on this page: a choice takes its first option (or the one in `answers`),
 * a confirmation is ticked, what is already filled stays.
 */
export async function fillPage(page, answers = {}) {
  const given = { ...KNOWN, ...answers };
  const fields = await form(page).locator('.field').all();
  for (const field of fields) {
    const control = field.locator('input:not([type=hidden]), textarea, select').first();
    const name = await control.getAttribute('name');
    if (!name || !(await field.isVisible())) continue;
    const type = await control.getAttribute('type');
    if (type === 'radio') await pick(field, name, given[name]);
    else if (type === 'checkbox') await control.check();
    else if (given[name] !== undefined) await control.fill(given[name]);
    else if ((await control.inputValue()) === '') await control.fill(await guess(control, type));
  }
}

async function pick(field, name, value) {
  const wanted = value === undefined ? null : field.locator(`input[name="${name}"][value="${value}"]`);
  if (wanted && (await wanted.count()) > 0) await wanted.check();
  else if ((await field.locator('input:checked').count()) === 0) await field.locator('input').first().check();
}

async function guess(control, type) {
  if (type === 'date') return '2025-03-01';
  if (type === 'tel') return '13000000001';
  const mode = await control.getAttribute('inputmode');
  if (mode === 'numeric') return '2';
  if (mode === 'decimal') return '1200';
  return '示例内容，用于演示';
}

/** Sends the page with its main button and waits for the next one. */
export async function next(page) {
  await Promise.all([page.waitForEvent('load'), form(page).locator('.act button.btn.big').first().click()]);
}

/** Hands in a PDF for every material that has none yet, except `excused`, for which it says why it does not apply. */
export async function handInMaterials(page) {
  const materials = await page.locator('fieldset.material').all();
  assert.ok(materials.length > 0, 'the item asks for materials');
  for (const [at, material] of materials.entries()) {
    if ((await material.locator('.file').count()) > 0) continue;
    const excuse = material.locator('textarea');
    if (at > 0 && (await excuse.count()) > 0) {
      if (!(await excuse.isVisible())) await material.locator('summary').click();
      await excuse.fill('本人情况不涉及这份材料。');
    } else {
      await material.locator('input[type=file]').setInputFiles({ name: '材料扫描件.pdf', mimeType: 'application/pdf', buffer: PDF });
    }
  }
}

/** The case's number on a receipt. */
export async function receiptNumber(page) {
  const number = await page.locator('.answers .code.strong').innerText();
  assert.match(number, /\d{6}-?\d{8}/, 'a receipt shows the case number');
  return number.trim();
}
