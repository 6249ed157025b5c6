// Signing in: the synthetic people of the demonstration.

import assert from 'node:assert/strict';

/** Signs a citizen in on the sign-in page, where the browser already is. */
export async function chooseCitizen(page, name) {
  assert.match(new URL(page.url()).pathname, /^\/signin/, 'the sign-in page is shown');
  await Promise.all([page.waitForEvent('load'), page.locator('button[name=person]', { hasText: name }).click()]);
}

/** Goes to an agency's desk as one of its officers. */
export async function sitDown(page, agency, name) {
  await page.goto('/signin/officer');
  await page.locator('main a.row', { hasText: agency }).first().click();
  await Promise.all([page.waitForEvent('load'), page.locator('button[name=officer]', { hasText: name }).click()]);
  assert.equal(new URL(page.url()).pathname, '/desk', 'an officer arrives at the desk');
}

/** Opens a case from the queue. */
export async function openCase(page, number) {
  await page.goto('/desk');
  await page.locator('table.queue tr', { hasText: number }).locator('a.name').click();
  await page.locator('.judgement').waitFor();
}

/** The actions that the desk offers on this case. */
export async function offered(page) {
  const forms = await page.locator('.judgement form[id^="act-"]').all();
  const ids = await Promise.all(forms.map((form) => form.getAttribute('id')));
  return ids.map((id) => id.slice('act-'.length));
}

/** Takes an action on the case that is open at the desk. */
export async function act(page, action, { words, reason, material } = {}) {
  const form = page.locator(`.judgement form#act-${action}`);
  await form.waitFor({ state: 'attached' });
  // Folds around it are opened from the outside in.
  for (const fold of await page.locator('details.choice', { has: page.locator(`form#act-${action}`) }).all()) {
    if (!(await fold.evaluate((details) => details.open))) await fold.locator('> summary').click();
  }
  if (reason !== undefined) await form.locator(`input[name=reason]${reason === 'any' ? '' : `[value="${reason}"]`}`).first().check();
  if (material !== undefined) await form.locator('input[name=material]').nth(material).check();
  if (words !== undefined) await form.locator('textarea[name=words]').fill(words);
  await Promise.all([page.waitForEvent('load'), form.locator('button').click()]);
}
