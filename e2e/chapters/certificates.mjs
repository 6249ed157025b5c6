// A grant becomes a certificate: the holder shows it, a stranger checks it, the issuer takes it back.

import assert from 'node:assert/strict';
import readQr from 'jsqr';
import { receiptNumber } from '../lib/forms.mjs';
import { look } from '../lib/look.mjs';
import { act, chooseCitizen, openCase, sitDown } from '../lib/people.mjs';
import { begin } from './apply.mjs';
import { toReceipt } from './correct.mjs';
import { until } from './decide.mjs';
import { CERTIFIED } from './items.mjs';

const WIDE = { width: 1280, height: 900 };

export async function certificates(stage) {
  console.log('\nA certificate is issued, shown, checked and taken back');
  const citizen = await stage.person('the holder');
  const desk = await stage.person('the issuer', WIDE);
  const shop = await stage.person('a shop');
  let number;
  let path;
  let certificate;

  await stage.scene('a citizen applies for what ends in a certificate', async () => {
    const { page } = citizen;
    await page.goto(`/items/${CERTIFIED.code}`);
    await page.locator('.act a.btn, .act button.btn').first().click();
    await chooseCitizen(page, '示例·吴美玲');
    await begin(page);
    await toReceipt(page);
    number = await receiptNumber(page);
    path = new URL(page.url()).pathname.replace(/\/receipt$/, '');
    await page.goto('/me/certificates');
    await look(stage, citizen, 'wallet-empty');
  });

  await stage.scene('the agency grants it, and the certificate is in the wallet', async () => {
    const { page } = desk;
    await sitDown(page, CERTIFIED.agency, '经办');
    await openCase(page, number);
    await act(page, 'accept');
    await openCase(page, number);
    await act(page, 'review', { reason: 'meets', words: '符合条件。' });
    await sitDown(page, CERTIFIED.agency, '同事');
    await openCase(page, number);
    await act(page, 'review', { reason: 'meets', words: '复核无误。' });
    await sitDown(page, CERTIFIED.agency, '科长');
    await openCase(page, number);
    await act(page, 'grant', { words: '准予。' });
    await until(citizen.page, path, 'a[href^="/me/certificates/"]');
    certificate = await citizen.page.locator('a[href^="/me/certificates/"]').first().getAttribute('href');
    await citizen.page.goto('/me/certificates');
    assert.equal(await citizen.page.locator('.cards > li').count(), 1);
    await look(stage, citizen, 'wallet');
    await citizen.page.goto(certificate);
    await look(stage, citizen, 'certificate');
  });

  await stage.scene('showing it is one touch, and the code renews itself', async () => {
    const { page } = citizen;
    await page.goto('/me/certificates');
    await page.locator('.cards a.btn').first().click();
    await page.locator('.shown svg').waitFor();
    await look(stage, citizen, 'show');
    const first = await drawn(page);
    await page.locator('[data-renew-link]').click();
    await page.waitForFunction((before) => document.querySelector('.shown svg').innerHTML !== before, first);
    const time = await page.locator('[data-clock]').innerText();
    await page.waitForFunction((before) => document.querySelector('[data-clock]').textContent !== before, time);
    // Its turn comes early for the test, as it would after the time the page names.
    const second = await drawn(page);
    await page.evaluate(() => { document.querySelector('[data-renew]').dataset.renew = '1'; });
    await page.waitForFunction((before) => document.querySelector('.shown svg')?.innerHTML !== before, second);
  });

  await stage.scene('a stranger with only a browser checks it, once', async () => {
    const { page } = shop;
    const code = await scanned(citizen.page);
    await page.goto(code);
    await look(stage, shop, 'verify');
    await page.locator('input[name=who]').fill('示例商场');
    await check(page);
    await page.locator('.outcome.valid').waitFor();
    assert.match(await page.locator('.outcome').innerText(), /示例·吴美玲/);
    assert.doesNotMatch(await page.locator('.outcome').innerText(), /990000/, 'the number was not chosen');
    await look(stage, shop, 'verify-valid', { languages: 'this' });
    await page.goto(code);
    await check(page);
    await page.locator('.outcome.invalid').waitFor();
    await citizen.page.goto(certificate);
    assert.match(await citizen.page.locator('main').innerText(), /示例商场/, 'the holder sees who looked');
  });

  await stage.scene('it can be put into another wallet, downloaded, and shown to an agency until a day', async () => {
    const { page } = citizen;
    await page.goto(`${certificate}/wallet`);
    await look(stage, citizen, 'wallet-offer');
    await Promise.all([page.waitForEvent('load'), page.locator('main form .act button').click()]);
    await page.locator('.pin').waitFor();
    await look(stage, citizen, 'wallet-offered', { languages: 'this' });
    await page.goto(certificate);
    const paper = await page.request.get(await page.locator('a[href$="/pdf"]').getAttribute('href'));
    assert.equal((await paper.body()).subarray(0, 5).toString(), '%PDF-');
    await page.goto(`${certificate}/permit?q=${encodeURIComponent('居住证')}`);
    await page.locator('input[name=item]').first().check();
    await look(stage, citizen, 'permit');
    await Promise.all([page.waitForEvent('load'), page.locator('main form .act button.big').click()]);
    await page.goto('/me/certificates/permissions');
    await page.locator('form[action$="/end"]').waitFor();
    await look(stage, citizen, 'permissions');
    await Promise.all([page.waitForEvent('load'), page.locator('form[action$="/end"] button').click()]);
    await shop.page.goto('/verify/ask');
    await shop.page.locator('main a.row').first().click();
    await look(stage, shop, 'wallet-ask');
    await Promise.all([shop.page.waitForEvent('load'), shop.page.locator('main form .act button').click()]);
    await look(stage, shop, 'wallet-asked', { languages: 'this' });
  });

  await stage.scene('the issuer takes it back for a reason, and it is no longer valid', async () => {
    const { page } = citizen;
    await page.goto(`${certificate}/show?preset=valid`);
    const code = await scanned(page);
    const id = certificate.split('/').pop();
    await desk.page.goto(`/desk/certificates/440000/${id}`);
    await look(stage, desk, 'desk-certificate');
    const form = desk.page.locator('form[action$="/revoke"]');
    await desk.page.locator('details.choice', { has: form }).locator('> summary').click();
    await form.locator('textarea').fill('登记内容与实际不符。');
    await Promise.all([desk.page.waitForEvent('load'), form.locator('button').click()]);
    await shop.page.goto(code);
    await check(shop.page);
    await shop.page.locator('.outcome.invalid').waitFor();
    await look(stage, shop, 'verify-revoked', { languages: 'this' });
    await page.goto(certificate);
    assert.match(await page.locator('main').innerText(), /登记内容与实际不符/);
  });
  for (const { context } of [citizen, desk, shop]) await context.close();
}

const drawn = (page) => page.locator('.shown svg').evaluate((svg) => svg.innerHTML);

/** The address that a phone reads in the code on the page. */
async function scanned(page) {
  const { pixels, side } = await page.locator('.shown svg').evaluate(async (svg) => {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML)}`;
    await image.decode();
    const side = 900;
    const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
    const drawing = canvas.getContext('2d');
    drawing.drawImage(image, 0, 0, side, side);
    return { side, pixels: Array.from(drawing.getImageData(0, 0, side, side).data) };
  });
  const found = (readQr.default ?? readQr)(Uint8ClampedArray.from(pixels), side, side);
  assert.ok(found, 'a phone reads the code');
  return found.data;
}

async function check(page) {
  await Promise.all([page.waitForEvent('load'), page.locator('main form .act button').click()]);
}
