// The stage: one browser, the people in it, and what is kept when a scene goes wrong.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** How long a page may take to show what a scene waits for. */
const PATIENCE = 15_000;

export class Stage {
  /** @param {{origin: string, browser: string, folder: string, looks: boolean}} setting */
  constructor({ origin, browser, folder, looks }) {
    this.origin = origin;
    this.executable = browser;
    this.folder = folder;
    this.looks = looks;
    this.people = [];
    this.failures = [];
    // What looking at pages found in the scene that plays: it fails the scene and does not end the story.
    this.found = [];
    this.scenes = 0;
  }

  async open() {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
    this.browser = await chromium.launch({ executablePath: this.executable, args: ARGUMENTS });
  }

  async close() {
    await this.browser?.close();
  }

  /**
   * Somebody with a browser of their own. What the server or the page complains about is kept and fails the scene.
   * @param {string} name how messages call them; `also`: what their browser may ask beside the server
   */
  async person(name, { script = true, language = 'zh-CN', width = 390, height = 844, origin = this.origin, also = [] } = {}) {
    const context = await this.browser.newContext({
      baseURL: origin,
      javaScriptEnabled: script,
      locale: language,
      viewport: { width, height },
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const person = { name, context, page, script, complaints: [] };
    page.on('pageerror', (error) => person.complaints.push(`script error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !expected(message.text())) {
        person.complaints.push(`console: ${message.text()}`);
      }
    });
    page.on('response', (response) => {
      if (response.status() >= 500) person.complaints.push(`${response.status()} from ${response.url()}`);
    });
    page.on('request', (request) => {
      if (![origin, 'data:', ...also].some((known) => request.url().startsWith(known))) {
        person.complaints.push(`asked another host: ${request.url()}`);
      }
    });
    this.people.push(person);
    return person;
  }

  /** Plays one scene; answers whether it went well. Later scenes build on it, so the story ends at the first failure. */
  async scene(title, play) {
    this.scenes += 1;
    const began = Date.now();
    try {
      await play();
      const complaints = this.people.flatMap((person) => person.complaints.splice(0).map((c) => `${person.name}: ${c}`));
      if (complaints.length > 0) throw new Error(`the browser complained:\n  ${complaints.join('\n  ')}`);
      const found = this.found.splice(0);
      if (found.length > 0) {
        this.failures.push(title);
        console.log(`   FAIL  ${title}\n${indent(found.join('\n'))}`);
        return;
      }
      console.log(`   ok    ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      console.log(`   FAIL  ${title}\n${indent(error.stack ?? String(error))}`);
      this.failures.push(title);
      await this.keepEvidence();
      throw new StoryEnds(title);
    }
  }

  /** What everybody saw when it went wrong: a picture and the page's source. */
  async keepEvidence() {
    const folder = path.join(this.folder, 'failure');
    await mkdir(folder, { recursive: true });
    for (const { name, page, complaints } of this.people) {
      if (page.isClosed() || page.url() === 'about:blank') continue;
      const file = path.join(folder, name.replaceAll(/\W+/gu, '-'));
      console.log(`         ${name} was at ${page.url()} — see ${file}.png and .html`);
      for (const complaint of complaints) console.log(`         ${complaint}`);
      await page.screenshot({ path: `${file}.png`, fullPage: true }).catch((e) => console.log(`         no picture: ${e.message}`));
      await writeFile(`${file}.html`, await page.content().catch((e) => `no source: ${e.message}`));
    }
  }
}

/** Thrown after a scene failed and said why. */
export class StoryEnds extends Error {}

/** A refused form answers 4xx on purpose, and the browser notes every such answer as an error. */
function expected(text) {
  return /status of 4\d\d/.test(text);
}

function indent(text) {
  return text.split('\n').map((line) => `         ${line}`).join('\n');
}
