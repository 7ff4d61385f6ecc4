// Without a mouse, and with a Chinese input method.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inside, pause, visit, visitOpen } from './lib/visit.mjs';

/** The focused element: what it is and whether one can see that it has the focus. */
function focus(root) {
  const element = root.activeElement;
  if (!element) return null;
  const all = [...root.querySelectorAll('dialog *')];
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const panel = root.querySelector('dialog').getBoundingClientRect();
  return {
    index: all.indexOf(element), what: `${element.tagName} ${(element.ariaLabel || element.textContent).slice(0, 20)}`,
    visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, inSight: box.bottom > panel.top && box.top < panel.bottom,
  };
}
/** What should be reached, in the order of the document. */
function reachable(root) {
  const all = [...root.querySelectorAll('dialog *')];
  return all.filter((element) => element.matches('a[href], button, textarea, input, summary, [tabindex="0"]') && element.getClientRects().length)
    .map((element) => all.indexOf(element));
}

for (const size of ['phone', 'desk']) {
  test(`every control is reached with Tab, in order, in sight, with a visible focus (${size})`, async (t) => {
    const widget = await visitOpen(t, { size, isMobile: false, hasTouch: false });
    for (const words of ['帮我算算复议还剩几天', '交警罚款', '昨天', '交警大队', '写了']) await widget.say(words);
    const expected = await inside(widget.page, reachable);
    await widget.button('收起').focus();
    const found = [];
    for (let presses = 0; presses <= expected.length; presses += 1) {
      const now = await inside(widget.page, focus);
      if (!now || (found.length && now.index === found[0])) break;
      found.push(now.index);
      assert.ok(now.visible && now.inSight, `${now.what} shows that it has the focus`);
      await widget.page.keyboard.press('Tab');
    }
    assert.deepEqual(found, expected);
  });
}

test('a whole conversation without a mouse', async (t) => {
  const widget = await visit(t);
  const { keyboard } = widget.page;
  const tabTo = async (name, most = 40) => {
    for (let presses = 0; presses < most; presses += 1) {
      if ((await inside(widget.page, focus))?.what.includes(name)) return;
      await keyboard.press('Tab');
    }
    assert.fail(`${name} is not reached`);
  };
  await widget.launcher.focus();
  await keyboard.press('Enter');
  assert.match((await inside(widget.page, focus)).what, /^TEXTAREA/);
  await widget.answered(async () => {
    await keyboard.type('交警罚了我两百块我不服');
    await keyboard.press('Enter');
  });
  assert.match((await inside(widget.page, focus)).what, /^TEXTAREA/, 'one can write on at once');
  await widget.page.getByRole('log').focus();
  const box = widget.page.getByRole('checkbox').first();
  await tabTo('INPUT');
  await keyboard.press('Space');
  assert.equal(await box.isChecked(), true);
  await tabTo('SUMMARY');
  await keyboard.press('Enter');
  assert.equal(await widget.last.locator('details').last().evaluate((details) => details.open), true);
  await tabTo('没帮助');
  await tabTo('怎么申请复议');
  await widget.answered(() => keyboard.press('Enter'));
  assert.match((await inside(widget.page, focus)).what, /^TEXTAREA/);
  for (let presses = 0; presses < 3; presses += 1) await keyboard.press('Tab');
  assert.match((await inside(widget.page, focus)).what, /删除对话/);
  await keyboard.press('Enter');
  assert.match((await inside(widget.page, focus)).what, /不删/, 'the safe answer has the focus');
  await keyboard.press('Escape');
  assert.equal(await widget.dialog.isVisible(), true, 'Esc only leaves the question');
  await keyboard.press('Escape');
  await widget.dialog.waitFor({ state: 'detached' });
});

test('only the text of a new answer is announced, once and politely', async (t) => {
  const widget = await visitOpen(t);
  await widget.page.evaluate(() => {
    const log = document.querySelector('zaofatong-chat').shadowRoot.querySelector('[role=log]');
    window.announced = [];
    const isLive = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('[aria-live]') === log;
    new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
      if (!isLive(node)) return;
      const copy = node.cloneNode(true);
      copy.querySelectorAll?.('[aria-live="off"], [aria-hidden="true"]').forEach((part) => part.remove());
      if (copy.textContent && !node.ariaHidden) window.announced.push(copy.textContent);
    }))).observe(log, { childList: true, subtree: true });
  });
  await widget.say('12345热线满意率');
  await pause(200);
  const announced = await widget.page.evaluate(() => window.announced);
  assert.equal(announced.length, 1, JSON.stringify(announced));
  assert.match(announced[0], /2020年，12345市民服务热线综合满意率是98\.24%。$/);
  assert.equal(await widget.page.getByRole('log').getAttribute('aria-live'), 'polite');
  assert.equal(await inside(widget.page, (root) => root.querySelectorAll('[aria-live=assertive], [role=alert]').length), 0);
});

test('Enter that ends a Chinese input does not send; the next one does', async (t) => {
  const widget = await visitOpen(t);
  const input = await widget.page.context().newCDPSession(widget.page);
  await widget.box.focus();
  const enterInMethod = () => input.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  await input.send('Input.imeSetComposition', { text: 'falv', selectionStart: 4, selectionEnd: 4 });
  await widget.page.evaluate(() => {
    window.composing = [];
    document.addEventListener('keydown', (event) => window.composing.push(event.isComposing), true);
  });
  await enterInMethod();
  assert.deepEqual(await widget.page.evaluate(() => window.composing), [true]);
  assert.equal(await widget.questions.count(), 0);
  await input.send('Input.imeSetComposition', { text: '法律', selectionStart: 2, selectionEnd: 2 });
  await enterInMethod();
  await input.send('Input.insertText', { text: '法律援助要钱吗' });
  assert.equal(await widget.questions.count(), 0);
  assert.equal(await widget.box.inputValue(), '法律援助要钱吗');
  await inside(widget.page, (root) => root.querySelector('form textarea').dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true, composed: true }))); // Safari's after compositionend
  assert.equal(await widget.questions.count(), 0);
  await widget.answered(() => widget.page.keyboard.press('Enter'));
  assert.match(await widget.questions.last().innerText(), /法律援助要钱吗/);
});

test('Shift+Enter makes a line; too much is not sent; Esc while composing does not close', async (t) => {
  const widget = await visitOpen(t);
  await widget.box.fill('第一行');
  await widget.box.press('Shift+Enter');
  await widget.page.keyboard.type('第二行');
  assert.equal(await widget.box.inputValue(), '第一行\n第二行');
  await widget.box.fill('长'.repeat(501));
  await widget.box.press('Enter');
  await widget.page.getByText('一次最多500字').waitFor();
  assert.equal(await widget.questions.count(), 0);
  await widget.box.fill('');
  const input = await widget.page.context().newCDPSession(widget.page);
  await input.send('Input.imeSetComposition', { text: 'fa', selectionStart: 2, selectionEnd: 2 });
  await widget.page.keyboard.press('Escape');
  assert.equal(await widget.dialog.isVisible(), true);
});
