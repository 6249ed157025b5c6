// Who somebody is: levels, sessions, passkeys, the window.

import assert from 'node:assert/strict';
import { look } from '../lib/look.mjs';
import { chooseCitizen, sitDown } from '../lib/people.mjs';
import { PERMIT } from './items.mjs';

const NEEDS_MORE = '/items/ex-elder-card/apply';
const NAME = '示例·张伟杰';
const NUMBER = '990000200307090051';

const press = (page, button) => Promise.all([page.waitForEvent('load'), button.click()]);

/** Signs in by stating name and number only. */
async function state(page, back) {
  await page.goto(`/signin?back=${encodeURIComponent(back)}`);
  await page.locator('form:has(button[name=person]) input[name=level]').check();
  await chooseCitizen(page, NAME);
}

/** A browser with an authenticator that knows its owner. */
async function withAuthenticator(person) {
  const session = await person.context.newCDPSession(person.page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  return { session, authenticatorId };
}

export async function identity(stage) {
  console.log('\nWho somebody is');
  const plain = await stage.person('the citizen who only states it', { script: false });
  const officer = await stage.person('the officer at the window', { width: 1280, height: 900 });
  // Browsers keep passkeys for names, not for addresses in numbers.
  const citizen = await stage.person('the citizen with a passkey', { origin: stage.origin.replace('127.0.0.1', 'localhost') });

  await stage.scene('told why more must be proved, proves it in place and goes on, without script', async () => {
    const { page } = plain;
    await state(page, NEEDS_MORE);
    assert.equal(new URL(page.url()).pathname, '/me/level');
    await press(page, page.locator('main form button'));
    assert.match(new URL(page.url()).pathname, /^\/apply\//, 'back at the application');
  });

  await stage.scene('sees their level and where they are signed in', async () => {
    const { page } = citizen;
    await page.goto('/signin');
    await chooseCitizen(page, NAME);
    for (const [path, name] of [['/me/level', 'level'], ['/me/profile', 'profile'], ['/me/sessions', 'sessions'], ['/me/passkeys', 'passkeys']]) {
      await page.goto(path);
      await look(stage, citizen, name);
    }
    await page.goto('/me/sessions');
    await press(page, page.locator('form[action$="end-others"] button'));
    await plain.page.goto('/me');
    assert.equal(new URL(plain.page.url()).pathname, '/signin', 'the other browser is out');
  });

  await stage.scene('makes a passkey, is asked for it, and gets in with it', async () => {
    const { page } = citizen;
    const { session, authenticatorId } = await withAuthenticator(citizen);
    await page.goto('/me/passkeys');
    await press(page, page.locator('form[data-passkey] button'));
    assert.match(page.url(), /notice=passkey-added/);
    await page.goto('/signout');
    await press(page, page.locator('main form button'));
    await page.goto('/signin?back=%2Fme%2Fmessages');
    await chooseCitizen(page, NAME);
    assert.equal(new URL(page.url()).pathname, '/signin/passkey');
    await look(stage, citizen, 'second-factor', { languages: 'this' });
    // Somebody else's finger is refused.
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.locator('form[data-passkey] button').click();
    await page.locator('form[data-passkey] .error').waitFor();
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await press(page, page.locator('form[data-passkey] button'));
    assert.equal(new URL(page.url()).pathname, '/me/messages');
  });

  await stage.scene('is registered at the window, where the lost passkey goes too', async () => {
    const { page } = officer;
    await sitDown(page, PERMIT.agency, '示例·梁同事');
    await page.goto('/desk/window');
    await look(stage, officer, 'window');
    await page.locator('[name=name]').fill(NAME);
    await page.locator('[name=number]').fill('123');
    await page.locator('[name=card]').first().check();
    await page.locator('[name=words]').fill('本人到窗口，丢了手机。');
    await page.locator('[name=passkeys]').check();
    await press(page, page.locator('main form button'));
    await look(stage, officer, 'window-wrong', { languages: 'this' });
    await page.locator('[name=number]').fill(NUMBER);
    await press(page, page.locator('main form button'));
    assert.match(page.url(), /notice=registered/);
    await page.goto('/desk/sessions');
    await look(stage, officer, 'desk-sessions');
    await sitDown(page, PERMIT.agency, '示例·江局长');
    await page.goto('/desk/officers');
    await look(stage, officer, 'desk-officers');
    await citizen.page.goto('/me');
    assert.equal(new URL(citizen.page.url()).pathname, '/signin', 'signed out everywhere');
    await chooseCitizen(citizen.page, NAME);
    await citizen.page.goto('/me/profile');
    await look(stage, citizen, 'profile-in-person');
    assert.match(await citizen.page.locator('main').innerText(), /五级/);
  });
}
