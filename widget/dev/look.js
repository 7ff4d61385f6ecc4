// Not shipped: every state at two window sizes as a picture in results/widget, axe-core over each, and a few things no picture shows.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { startServer } from './server.js';

const SHOTS = process.env.SHOTS || 'results/widget';
const PORT = 9300;
const SITE = `http://localhost:${PORT + 1}`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WINDOWS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 }, small: { width: 320, height: 640 }, low: { width: 740, height: 360 } };
const LOOKS = { normal: [], large: ['大'], huge: ['特大'], contrast: ['高对比'], other: [] };
const ASKED = ['工地欠薪', '援助不批准', '复议后起诉', '非诉办了多少', '满意率', '各渠道受理', '法律援助办了多少件', '调解多少件', '算复议', '算复议2', '算复议结果', '援助自测结果',
  '机关不答复', '转人工', '有人打我', '再见', '打分', '没听懂'];
const only = process.argv[2];
const problems = [];

async function check(page, name) {
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
  const found = await page.evaluate(async ([source, strict]) => {
    if (!window.axe) (0, eval)(source);
    const { violations } = await window.axe.run(location.pathname === '/hostile' ? 'zaofatong-chat' : document, { resultTypes: ['violations'], rules: { 'color-contrast-enhanced': { enabled: strict } } });
    return violations.map((violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`);
  }, [axe, name.includes('contrast')]);
  const sideways = await page.evaluate(() => {
    const root = document.querySelector('zaofatong-chat').shadowRoot;
    return [...root.querySelectorAll('.talk, dialog, .answer')].filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.className);
  });
  const small = await page.evaluate(() => {
    const root = document.querySelector('zaofatong-chat').shadowRoot;
    return [...root.querySelectorAll('button, .call, .choice, summary, label')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width && (box.height < 43.5 || box.width < 43.5);
    }).map((element) => element.textContent);
  });
  for (const [what, list] of [['axe', found], ['sideways', sideways], ['small', small]]) if (list.length) problems.push(`${name} ${what}: ${list.join(' ; ')}`);
}

async function ask(page, text) {
  const count = await page.locator('article.theirs').count();
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
  await page.locator('article.theirs').nth(count).waitFor();
  await page.waitForTimeout(120);
}

async function open(browser, size, look, path = '/', options = {}) {
  const context = await browser.newContext({ viewport: WINDOWS[size], hasTouch: size !== 'desk', isMobile: size !== 'desk', locale: 'zh-CN', ...options });
  await context.addInitScript(() => {
    const voices = [{ lang: 'zh-CN', name: '普通话' }];
    Object.assign(speechSynthesis, { getVoices: () => voices, speak() {}, cancel() {} });
    window.SpeechSynthesisUtterance = class {};
  });
  const page = await context.newPage();
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !message.text().includes('ERR_INTERNET_DISCONNECTED') && problems.push(`${size} console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`${size} error: ${error.message}`));
  await page.goto(SITE + path);
  const launcher = page.getByRole('button', { name: '问政务' });
  await launcher.waitFor();
  if (look === 'normal') await check(page, `${size}-${look}-00-closed`);
  await launcher.click();
  for (const name of LOOKS[look]) await page.getByRole('button', { name, exact: true }).click();
  await page.waitForTimeout(200);
  return page;
}

async function states(browser, size, look) {
  const page = await open(browser, size, look);
  await check(page, `${size}-${look}-01-welcome`);
  let number = 2;
  for (const text of ASKED) {
    await ask(page, text);
    await check(page, `${size}-${look}-${String(number).padStart(2, '0')}-${text}`);
    await page.evaluate(() => {
      const root = document.querySelector('zaofatong-chat').shadowRoot;
      [...root.querySelectorAll('article:last-of-type details')].forEach((details) => { details.open = true; });
      const log = root.querySelector('.talk');
      log.scrollTop = log.scrollHeight;
    });
    await check(page, `${size}-${look}-${String(number).padStart(2, '0')}-${text}-end`);
    number += 1;
  }
  await page.getByRole('button', { name: '删除对话' }).click();
  await check(page, `${size}-${look}-90-confirm`);
  await page.context().close();
}

/** States that a single question does not reach. */
async function others(browser, size) {
  const name = (state) => `${size}-other-${state}`;
  let page = await open(browser, size, 'other');
  await ask(page, '算复议结果');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: '加入日历' }).click();
  await page.getByRole('button', { name: '没帮助' }).click();
  await page.waitForTimeout(500);
  await check(page, name('marked'));
  await page.getByRole('button', { name: '朗读' }).last().click();
  await page.locator('.composer textarea').fill('慢');
  await page.keyboard.press('Enter');
  await page.locator('.waiting').waitFor();
  await check(page, name('typing'));
  await page.locator('.composer textarea').fill('字'.repeat(450));
  await check(page, name('long'));
  await page.locator('.composer textarea').fill('字'.repeat(510));
  await page.keyboard.press('Enter');
  await check(page, name('too-long'));
  await page.context().setOffline(true);
  await page.locator('.trouble').waitFor();
  await page.locator('.composer textarea').fill('公司欠我三个月工资，没有合同，能要回来吗？');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(200);
  await check(page, name('offline'));
  await page.context().close();

  page = await open(browser, size, 'other');
  await ask(page, '转人工');
  await page.getByLabel('给工作人员看的话').fill('我想问：公司欠薪怎么办。');
  await check(page, name('edited'));
  await page.locator('.composer textarea').fill('删了');
  await page.keyboard.press('Enter');
  await page.getByText('删好了').waitFor();
  await check(page, name('deleted'));
  await page.locator('.composer textarea').fill('你好');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.waitForTimeout(600);
  await check(page, name('unread'));
  await page.context().close();

  page = await open(browser, size, 'other', '/', { forcedColors: 'active', reducedMotion: 'reduce' });
  await ask(page, '非诉办了多少');
  await check(page, name('forced-chart'));
  await ask(page, '算复议3');
  await check(page, name('forced-form'));
  await page.context().close();
}

async function low(browser) {
  const page = await open(browser, 'low', 'other');
  await check(page, 'low-welcome');
  await ask(page, '算复议2');
  await check(page, 'low-form');
  await page.getByRole('button', { name: '特大' }).click();
  await check(page, 'low-huge');
  await page.context().close();
}

mkdirSync(SHOTS, { recursive: true });
const server = startServer(PORT);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const size of Object.keys(WINDOWS)) {
  for (const look of Object.keys(LOOKS)) {
    if (look === 'other' || size === 'low' || (size === 'small' && look !== 'huge')) continue;
    if (only && !`${size}-${look}`.includes(only)) continue;
    await states(browser, size, look);
  }
}
for (const size of ['phone', 'desk']) if (!only || 'other'.includes(only)) await others(browser, size);
if (!only || 'low'.includes(only)) await low(browser);
if (!only) {
  const page = await open(browser, 'desk', 'normal', '/hostile');
  await ask(page, '援助不批准');
  await check(page, 'hostile');
}
await browser.close();
server.close();
console.log(problems.length ? problems.join('\n') : 'no problem found');
process.exit(problems.length ? 1 : 0);
