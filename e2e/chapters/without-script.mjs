// The same main job with script switched off: everything still works.

import assert from 'node:assert/strict';
import { fillPage, next, receiptNumber } from '../lib/forms.mjs';
import { act, chooseCitizen, openCase, sitDown } from '../lib/people.mjs';
import { begin } from './apply.mjs';
import { toReceipt } from './correct.mjs';
import { until } from './decide.mjs';
import { PERMIT } from './items.mjs';

export async function withoutScript(stage) {
  console.log('\nThe same without script');
  const citizen = await stage.person('the citizen without script', { script: false });
  const officer = await stage.person('the officer without script', { script: false, width: 1280, height: 900 });
  let path;
  let number;

  await stage.scene('find, sign in, mistype, mend, hand in, submit', async () => {
    const { page } = citizen;
    await page.goto('/');
    await page.locator('main input[name=q]').fill('教师资格');
    await Promise.all([page.waitForEvent('load'), page.locator('main form.search button').click()]);
    await page.locator(`main a.row[href^="/items/${PERMIT.code}"]`).first().click();
    await page.locator('.act a.btn, .act button.btn').first().click();
    await chooseCitizen(page, '示例·黄国强');
    await begin(page);
    await fillPage(page, { mobile: '12' });
    await next(page);
    assert.equal(await page.locator('.field.wrong [name=mobile]').inputValue(), '12');
    await fillPage(page, { mobile: '13000000003' });
    await toReceipt(page);
    number = await receiptNumber(page);
    path = new URL(page.url()).pathname.replace(/\/receipt$/, '');
  });

  await stage.scene('accept, review twice, grant', async () => {
    const { page } = officer;
    await sitDown(page, PERMIT.agency, '示例·何公仆');
    for (const step of ['claim', 'accept', 'review']) {
      await openCase(page, number);
      await act(page, step, step === 'review' ? { reason: 'meets', words: '符合条件。' } : {});
    }
    await sitDown(page, PERMIT.agency, '示例·梁同事');
    await openCase(page, number);
    await act(page, 'review', { reason: 'meets', words: '同意。' });
    await sitDown(page, PERMIT.agency, '示例·谢科长');
    await openCase(page, number);
    await act(page, 'grant', { words: '准予认定。' });
  });

  await stage.scene('see the result and rate it', async () => {
    const { page } = citizen;
    // The result shows while it is still being delivered; rating opens once the case has ended.
    await until(page, path, `a[href="${path}/rate"]`);
    await page.locator(`a[href="${path}/rate"]`).first().click();
    await page.locator('input[name=level][value="4"]').check();
    await Promise.all([page.waitForEvent('load'), page.locator('main form .act button').click()]);
    await page.goto(path);
    assert.equal(await page.locator(`a[href="${path}/rate"]`).count(), 0, 'rated once');
  });
}
