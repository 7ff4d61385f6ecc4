// A visitor with a browser window and a line of their own, and the widget as a person uses it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { layLine } from './line.mjs';

export const ADDRESS = process.env.ADDRESS;
const SHOTS = process.env.SHOTS || 'results/browser';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
export const WINDOWS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 }, narrow: { width: 320, height: 640 } };
const PATIENCE = 20_000;

let browser;
before(async () => {
  assert.ok(ADDRESS, 'ADDRESS must name the running assistant');
  mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
});
after(() => browser?.close());

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Wait until `check()` gives something true, and return it. */
export async function until(check, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > end) assert.fail(`waited in vain: ${what}`);
    await pause(25);
  }
}

/** What the widget has inside: `read` runs in the page with its shadow root. */
export const inside = (page, read, given) => page.evaluate(`(${read})(document.querySelector('zaofatong-chat').shadowRoot, ${JSON.stringify(given)})`);

/** The page and the widget on it. */
export class Widget {
  constructor(page, line) {
    this.page = page;
    this.line = line;
    this.launcher = page.getByRole('button', { name: '问政务' });
    this.dialog = page.getByRole('dialog');
    this.box = page.getByRole('textbox', { name: '您的问题' });
    this.answers = page.locator('article.theirs');
    this.questions = page.locator('article.mine');
    this.last = this.answers.last();
    this.choices = page.getByRole('group', { name: '可以点这些' }).getByRole('button');
    this.unsent = page.locator('.unsent');
  }

  async open() {
    await this.launcher.click();
    await this.dialog.waitFor();
    return this;
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Set the size of type (标准, 大, 特大) and the contrast. */
  async look({ size = '标准', contrast = false } = {}) {
    await this.button(size).click();
    if ((await this.button('高对比').getAttribute('aria-pressed') === 'true') !== contrast) await this.button('高对比').click();
    return this;
  }

  /** Do something that is answered, and wait for the whole answer. */
  async answered(act) {
    const count = await this.answers.count();
    await act();
    await this.answers.nth(count).waitFor({ timeout: PATIENCE });
    await this.page.locator('.waiting').waitFor({ state: 'detached', timeout: PATIENCE });
    return this.answers.nth(count);
  }

  async type(text) {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  say(text) {
    return this.answered(() => this.type(text));
  }

  tap(title) {
    return this.answered(() => this.choices.filter({ hasText: title }).first().click());
  }

  /** The conversation as the device keeps it: what was said with its id, and the envelopes of the answers. */
  async kept() {
    return this.page.evaluate(() => {
      const name = Object.keys(localStorage).find((key) => key.endsWith(':entries'));
      return name ? JSON.parse(localStorage.getItem(name)) : [];
    });
  }

  async lastAnswer() {
    return (await this.kept()).filter((entry) => entry.from === 'bot').pop().answer;
  }

  /** Chromium on a busy machine sometimes has no picture ready ("Unable to capture screenshot"); the next moment it has. */
  async shot(name, tries = 3) {
    try {
      await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
    } catch (error) {
      if (tries <= 1 || !/Unable to capture/.test(error.message)) throw error;
      await this.page.waitForTimeout(500);
      await this.shot(name, tries - 1);
    }
  }
}

/**
 * Come to a page of the assistant (or to `html` in its place) and return the widget, closed. What the page complains about fails the test
 * `t`, except words that match `expected`.
 */
export async function visit(t, { size = 'desk', path = '/', html = '', headers = {}, address = ADDRESS, url = '', expected = /^$/, ...options } = {}) {
  const line = await layLine(address);
  const context = await browser.newContext({
    viewport: WINDOWS[size], locale: 'zh-CN', ...(size === 'desk' ? {} : { isMobile: true, hasTouch: true }), ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const complaints = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  t.after(async () => {
    await context.close();
    line.close();
    assert.deepEqual(complaints.filter((complaint) => !expected.test(complaint)), [], 'errors on the page');
  });
  if (html) await context.grantPermissions(['local-network-access']); // a page that Chromium did not load from this machine itself must ask
  if (html) await page.route(line.address + path, (route) => route.fulfill({ body: html, contentType: 'text/html; charset=utf-8', headers }));
  await page.goto(url || line.address + path);
  return new Widget(page, line);
}

/** The same with the panel open. */
export async function visitOpen(t, options) {
  return (await visit(t, options)).open();
}
