// The page without JavaScript holds the whole conversation, a guided check included.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { visit } from './lib/visit.mjs';

for (const [size, way] of [['phone', 'tap'], ['desk', 'type']]) {
  test(`a check to its end (${size}, ${way})`, async (t) => {
    const widget = await visit(t, { size, path: '/text', javaScriptEnabled: false });
    const { page } = widget;
    const say = async (text) => {
      await page.getByLabel('您的问题').fill(text);
      await page.getByRole('button', { name: '发送' }).click();
    };
    const tap = (title) => page.getByRole('button', { name: title }).first().click();
    await widget.shot(`text-${size}-start`);
    await say('帮我算算复议还剩几天');
    const answers = way === 'tap' ? ['罚款、拘留等处罚', '昨天', '枣庄市的局', '写了'] : ['交警罚款', '昨天', '交警大队', '写了'];
    for (const [index, words] of answers.entries()) {
      assert.match(await page.locator('li').last().innerText(), new RegExp(`第${'一二三四五'[index]}|第 ?${index + 1}`));
      await (way === 'tap' ? tap(words) : say(words));
      if (index === 1) await widget.shot(`text-${size}-form`);
    }
    const last = await page.locator('li').last().innerText();
    assert.match(last, /还剩\d+天/);
    assert.match(last, /行政复议法/);
    assert.equal(await page.getByText('您问：').count(), 5);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scroll');
    await widget.shot(`text-${size}-result`);
    await tap('有帮助');
    assert.match(await page.locator('li').last().innerText(), /谢谢|记下/);
  });
}

test('it has no axe violation', async (t) => {
  const { page } = await visit(t, { path: '/text' });
  assert.deepEqual(await violations(page), []);
  await page.getByLabel('您的问题').fill('帮我算算复议还剩几天');
  await page.getByRole('button', { name: '发送' }).click();
  await page.getByText('您问：').waitFor();
  assert.deepEqual(await violations(page), []);
});
