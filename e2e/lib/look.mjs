// Looking at a page: pictures in both widths, both schemes and both languages, and what axe-core finds.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WIDTHS = [{ width: 390, height: 844 }, { width: 1280, height: 900 }];
const SCHEMES = ['light', 'dark'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Takes a page through every width and scheme, in its language and (in a second tab) in the other one: a picture of
 * each, and axe-core, which may find nothing serious or critical. A page that must be moved sideways is a finding too.
 * @param {{languages?: 'both' | 'this'}} options `this` for a page that only this form's answer shows
 */
export async function look(stage, person, name, { languages = 'both' } = {}) {
  if (!stage.looks) return;
  const { page, context } = person;
  const found = await everyWay(stage, person, page, name);
  if (languages === 'both') {
    const { pathname, search } = new URL(page.url());
    const tab = await context.newPage();
    await tab.goto(`/preferences?lang=en&back=${encodeURIComponent(pathname + search)}`);
    assert.match(await tab.getAttribute('html', 'lang'), /^en/, `${name} in English`);
    found.push(...await everyWay(stage, person, tab, name));
    await tab.goto('/preferences?lang=zh&back=/');
    await tab.close();
  }
  stage.found.push(...new Set(found.map((problem) => `${name}, ${problem} (${page.url()})`)));
}

async function everyWay(stage, person, page, name) {
  const language = (await page.getAttribute('html', 'lang')) ?? 'none';
  const before = page.viewportSize();
  const found = [];
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme });
      const file = `${name}-${language.slice(0, 2)}-${size.width}-${scheme}.png`;
      await page.screenshot({ path: path.join(stage.folder, file), fullPage: true });
    }
    if (!person.script) continue;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) found.push(`${language} ${size.width}px: ${wide}px too wide`);
    // Narrow is checked dark and wide is checked light: each rule sees both layouts, each colour both schemes.
    await page.emulateMedia({ colorScheme: size.width < 600 ? 'dark' : 'light' });
    found.push(...(await check(page)).map((problem) => `${language} ${size.width}px: ${problem}`));
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** What axe-core calls serious or critical, one line each. */
async function check(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async (tags) => {
    const result = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return result.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, help, nodes }) => ({ id, impact, help, where: nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`) }));
  }, RULES);
  return violations.map(({ id, impact, help, where }) => `${impact} ${id}: ${help} at ${where.join(' | ')}`);
}

/**
 * What a first visit costs: bytes over the wire and bytes after decoding, of the page and all it asks for.
 * @returns {Promise<{wire: number, decoded: number, parts: string[]}>}
 */
export async function weight(stage, address) {
  const context = await stage.browser.newContext({ baseURL: stage.origin, locale: 'zh-CN' });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const parts = new Map();
    session.on('Network.responseReceived', ({ requestId, response }) => parts.set(requestId, { url: response.url, wire: 0, decoded: 0 }));
    session.on('Network.dataReceived', ({ requestId, dataLength }) => {
      if (parts.has(requestId)) parts.get(requestId).decoded += dataLength;
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (parts.has(requestId)) parts.get(requestId).wire = encodedDataLength;
    });
    await page.goto(address, { waitUntil: 'networkidle' });
    const all = [...parts.values()].filter(({ url }) => !url.startsWith('data:'));
    const sum = (what) => all.reduce((total, part) => total + part[what], 0);
    return { wire: sum('wire'), decoded: sum('decoded'), parts: all.map((p) => `${p.url}: ${p.wire} / ${p.decoded} bytes`) };
  } finally {
    await context.close();
  }
}
