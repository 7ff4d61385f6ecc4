// Not shipped: what the widget does, tried in a real browser against the stand-in server.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { startServer } from './server.js';

const PORT = 9500;
const SITE = `http://localhost:${PORT + 1}`;
const server = startServer(PORT);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const inside = (page, read, argument) => page.evaluate(([source, given]) => {
  const root = document.querySelector('zaofatong-chat').shadowRoot;
  return new Function('root', 'given', `return (${source})(root, given)`)(root, given); // the site's CSP does not bind the tool
}, [read.toString(), argument]);
const errors = [];

async function open(path = '/', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(SITE + path);
  await page.getByRole('button', { name: '问政务' }).click();
  return page;
}
const box = (page) => page.locator('.composer textarea');
const bots = (page) => page.locator('article.theirs');
async function say(page, text) {
  const count = await bots(page).count();
  await box(page).fill(text);
  await page.keyboard.press('Enter');
  await bots(page).nth(count).waitFor();
}
const said = () => [...server.conversations.values()].flatMap((conversation) => [...conversation.said.values()]);

const cases = {
  async 'opens only when asked, Esc closes, focus goes back'() {
    const page = await open();
    assert.equal(await inside(page, (root) => root.activeElement.tagName), 'TEXTAREA');
    await page.keyboard.press('Escape');
    assert.equal(await inside(page, (root) => root.activeElement.className), 'launcher');
    assert.equal(await page.locator('dialog').isVisible(), false);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('dialog').isVisible(), true);
  },
  async 'modal on a phone, plain on a desk'() {
    const modal = (root) => root.querySelector('dialog').matches(':modal');
    assert.equal(await inside(await open('/', { viewport: { width: 390, height: 844 } }), modal), true);
    const page = await open();
    assert.equal(await inside(page, modal), false);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(100);
    assert.equal(await inside(page, modal), true);
    assert.equal(await inside(page, (root) => root.activeElement.tagName), 'TEXTAREA');
  },
  async 'leaves no globals and touches no global of the page'() {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${SITE}/empty`);
    const before = await page.evaluate(() => Object.getOwnPropertyNames(window));
    await page.goto(SITE);
    await page.getByRole('button', { name: '问政务' }).click();
    const after = await page.evaluate(() => Object.getOwnPropertyNames(window));
    assert.deepEqual(after.filter((name) => !before.includes(name)), []);
  },
  async 'announces only the text of new answers'() {
    const page = await open();
    await say(page, '复议后起诉');
    await page.waitForTimeout(200);
    const live = await inside(page, (root) => [...root.querySelectorAll('.talk article:last-of-type *')]
      .filter((element) => element.children.length === 0 && element.textContent && !element.closest('[aria-live="off"]')).map((element) => element.closest('.text, .unseen')?.className || element.tagName));
    assert.deepEqual([...new Set(live)].sort(), ['text', 'unseen']);
    await page.reload();
    await page.getByRole('button', { name: '问政务' }).click();
    assert.equal(await inside(page, (root) => root.querySelectorAll('.theirs:not([aria-live="off"])').length), 0);
  },
  async 'Enter that ends an input method does not send'() {
    const page = await open();
    await box(page).fill('你好');
    await inside(page, (root) => root.querySelector('.composer textarea').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
    await inside(page, (root) => root.querySelector('.composer textarea').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })));
    assert.equal(await page.locator('.mine').count(), 0);
    await page.keyboard.press('Shift+Enter');
    assert.equal(await box(page).inputValue(), '你好\n');
  },
  async 'offline, reload, back: delivered once'() {
    const page = await open();
    await say(page, '你好');
    await page.context().setOffline(true);
    await page.locator('.trouble').waitFor();
    await box(page).fill('离线时说的话');
    await page.keyboard.press('Enter');
    await page.locator('.unsent').waitFor();
    await page.context().setOffline(false);
    await page.reload();
    await page.getByRole('button', { name: '问政务' }).click();
    await page.locator('article.theirs').nth(1).waitFor();
    await page.waitForTimeout(300);
    assert.equal(said().filter((text) => text === '离线时说的话').length, 1);
    assert.equal(await page.locator('.mine').count(), 2);
    assert.equal(await page.locator('.unsent').count(), 0);
  },
  async 'history over a reload; cleared stays cleared; deleted is gone on both sides'() {
    const page = await open();
    await say(page, '你好');
    await say(page, '调解多少件');
    await page.reload();
    await page.getByRole('button', { name: '问政务' }).click();
    await page.waitForTimeout(300);
    assert.equal(await page.locator('.mine').count(), 2);
    assert.equal(await page.locator('.choice').count(), 3);
    await page.getByRole('button', { name: '清空' }).click();
    await page.reload();
    await page.getByRole('button', { name: '问政务' }).click();
    await page.waitForTimeout(300);
    assert.equal(await page.locator('.mine').count(), 0);
    await say(page, '你好');
    const count = server.conversations.size;
    await page.getByRole('button', { name: '删除对话' }).click();
    assert.equal(await inside(page, (root) => root.activeElement.textContent), '不删');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog').isVisible(), true);
    await page.getByRole('button', { name: '删除对话' }).click();
    await page.getByRole('button', { name: '都删掉' }).click();
    await page.getByText('都删掉了').waitFor();
    assert.equal(await page.locator('.mine').count(), 0);
    assert.equal(server.conversations.size, count);
  },
  async 'a shared terminal keeps nothing'() {
    const page = await open('/terminal');
    await say(page, '援助自测结果');
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: '高对比' }).click();
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    await page.reload();
    await page.getByRole('button', { name: '问政务' }).click();
    await page.waitForTimeout(300);
    assert.equal(await page.locator('.mine').count(), 0);
  },
  async 'settings and ticks are remembered'() {
    const page = await open();
    await page.getByRole('button', { name: '特大' }).click();
    await page.getByRole('button', { name: '高对比' }).click();
    await say(page, '援助自测结果');
    await page.getByRole('checkbox').nth(1).check();
    await page.reload();
    await page.getByRole('button', { name: '问政务' }).click();
    assert.match(await inside(page, (root) => root.querySelector('.app').className), /size30 contrast/);
    assert.equal(await page.getByRole('checkbox').nth(1).isChecked(), true);
    await page.getByText('备好1样，共3样').waitFor();
  },
  async 'calendar file and print, under the site\'s CSP'() {
    const page = await open('/', { bypassCSP: false });
    await say(page, '算复议结果');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '加入日历' }).click()]);
    assert.equal(file.suggestedFilename(), '最后一天.ics');
    await page.getByRole('button', { name: '打印清单' }).click();
    const frame = await page.evaluate(() => {
      const document_ = document.querySelector('zaofatong-chat').shadowRoot.querySelector('iframe')?.contentDocument;
      return document_ ? { items: document_.querySelectorAll('li').length, sheets: document_.adoptedStyleSheets.length, title: document_.title } : null;
    });
    assert.ok(frame === null || (frame.items === 4 && frame.sheets === 1));
    console.log('   print frame:', JSON.stringify(frame));
  },
  async 'a hand-over is sent as it stands, or changed first'() {
    const page = await open();
    await say(page, '转人工');
    await page.getByRole('button', { name: '复制' }).click();
    await page.getByText('已复制').first().waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^我想问/);
    assert.equal(await page.locator('.choice').count(), 1);
    await page.getByLabel('给工作人员看的话').fill('改过的话');
    await page.getByRole('button', { name: '用改好的话' }).click();
    await page.locator('article.theirs').nth(3).waitFor();
    assert.deepEqual(said().slice(-2), ['/handover_edit', '改过的话']);
    await say(page, '转人工');
    await page.getByRole('button', { name: '同意，发给人工' }).click();
    await page.waitForTimeout(500);
    assert.equal(said().pop(), '/handover_send');
  },
  async 'marks are kept once and make no bubble'() {
    const page = await open();
    await say(page, '复议后起诉');
    await page.getByRole('button', { name: '有帮助', exact: true }).click();
    await page.waitForTimeout(600);
    assert.equal(await page.locator('.actions .note').innerText(), '已记下');
    assert.equal(await page.locator('.mine').count(), 1);
    assert.equal(await page.locator('.choice').count(), 4);
    await page.reload();
    await page.getByRole('button', { name: '问政务' }).click();
    await page.waitForTimeout(300);
    assert.equal(await page.locator('.mine').count(), 1);
    assert.equal(await page.locator('.actions .note').innerText(), '已记下');
  },
  async 'too fast waits by itself; too long is said, not sent'() {
    const page = await open();
    await box(page).fill('太快');
    await page.keyboard.press('Enter');
    await page.getByText('发得太快').waitFor();
    await box(page).fill('长'.repeat(501));
    await page.keyboard.press('Enter');
    await page.getByText('一次最多500字').waitFor();
    assert.equal(await page.locator('.counter.over').innerText(), '501/500');
  },
  async '60 lost connections lose and double nothing'() {
    const page = await open();
    const texts = Array.from({ length: 60 }, (_, index) => `第${index}句`);
    for (const text of texts) {
      await box(page).fill(text);
      await page.keyboard.press('Enter');
      server.io.disconnectSockets(true);
      server.io.engine.clients && Object.values(server.io.engine.clients).forEach((client) => client.close(true));
      await page.waitForTimeout(40);
    }
    await page.waitForFunction(() => {
      const root = document.querySelector('zaofatong-chat').shadowRoot;
      return root.querySelectorAll('.theirs').length === 61;
    }, null, { timeout: 120000 });
    assert.deepEqual(said().filter((text) => /^第\d+句$/.test(text)), texts);
    assert.equal(await page.locator('.mine').count(), 60);
  },
};

let failed = 0;
for (const [name, run] of Object.entries(cases)) {
  if (process.argv[2] && !name.includes(process.argv[2])) continue;
  try {
    await run();
    console.log('ok  ', name);
  } catch (error) {
    failed += 1;
    console.log('FAIL', name, '\n', error.message.split('\n').slice(0, 12).join('\n '));
  }
  await Promise.all(browser.contexts().map((context) => context.close()));
}
console.log(errors.length ? `page errors: ${[...new Set(errors)].join('; ')}` : 'no page error');
await browser.close();
process.exit(failed || errors.length ? 1 : 0);
