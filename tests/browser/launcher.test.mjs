// The button 问政务: opens the panel when asked, never by itself; Esc closes and gives the focus back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inside, pause, visit, visitOpen } from './lib/visit.mjs';

const focused = (root) => root.activeElement && (root.activeElement.className || root.activeElement.tagName);
const sendAndClose = (root) => {
  root.querySelector('form').requestSubmit();
  [...root.querySelectorAll('.bar button')].find((button) => button.textContent.trim() === '收起').click();
};
const isModal = (root) => root.querySelector('dialog').matches(':modal');

for (const size of ['phone', 'desk']) {
  test(`the panel opens only when asked (${size})`, async (t) => {
    const widget = await visit(t, { size });
    await widget.launcher.waitFor();
    await pause(1500);
    assert.equal(await widget.dialog.count(), 0);
    assert.equal(await inside(widget.page, focused), null);
    await widget.open();
    assert.equal(await inside(widget.page, isModal), size === 'phone');
    assert.equal(await widget.launcher.count(), 0);
  });

  test(`Esc closes and the focus returns to the button (${size})`, async (t) => {
    const widget = await visitOpen(t, { size });
    await widget.page.keyboard.press('Escape');
    await widget.dialog.waitFor({ state: 'detached' });
    assert.equal(await inside(widget.page, focused), 'launcher');
    await widget.page.keyboard.press('Enter');
    await widget.dialog.waitFor();
    await widget.button('收起').click();
    assert.equal(await inside(widget.page, focused), 'launcher');
  });
}

test('the button is a pill of 60 px at the lower right', async (t) => {
  const widget = await visit(t, { size: 'phone' });
  const box = await widget.launcher.boundingBox();
  assert.equal(Math.round(box.height), 60);
  assert.ok(box.x + box.width <= 390 - 16 && box.x > 195 && box.y + box.height <= 844 - 16);
});

test('a panel open on a wide window stays open, modal, when the window gets narrow', async (t) => {
  const widget = await visitOpen(t);
  await widget.box.fill('没写完的话');
  await widget.page.setViewportSize({ width: 390, height: 844 });
  await widget.page.waitForFunction(() => document.querySelector('zaofatong-chat').shadowRoot.querySelector('dialog').matches(':modal'));
  assert.equal(await widget.box.inputValue(), '没写完的话');
});

test('an answer that comes while the panel is closed is counted on the button', async (t) => {
  const widget = await visitOpen(t);
  await widget.box.fill('法律援助要钱吗');
  await inside(widget.page, sendAndClose); // in one go, so that the quickest answer comes after
  await widget.launcher.filter({ hasText: '1条新回复' }).waitFor();
  await widget.open();
  await widget.page.keyboard.press('Escape');
  assert.equal((await widget.launcher.innerText()).trim(), '问政务');
});

test('the page gets no new names', async (t) => {
  const names = () => Object.getOwnPropertyNames(window).sort();
  const page = (script) => `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,"><body>${script}</body></html>`;
  const without = await visit(t, { path: '/host', html: page('') });
  const widget = await visitOpen(t, { path: '/host', html: page('<script src="/widget.js" defer></script>') });
  await widget.say('你好');
  assert.deepEqual(await widget.page.evaluate(names), await without.page.evaluate(names));
});
