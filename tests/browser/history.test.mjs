// What is kept, and how it goes away: over a reload, 清空, 删除对话, and on terminals that many people use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page } from './lib/site.mjs';
import { pause, until, visitOpen } from './lib/visit.mjs';

const QUESTIONS = ['申请法律援助要钱吗', '12345热线满意率'];

async function comeBack(widget) {
  await widget.page.reload();
  return widget.open();
}
/** Give what should not come the time to come. */
const nothingComes = async (widget) => {
  await until(() => widget.page.evaluate(() => performance.getEntriesByType('resource').length > 0), 'the page is there');
  await pause(700);
};

test('the conversation is there after a reload, with its sources, buttons and the tap as its title', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  for (const question of QUESTIONS) await widget.say(question);
  await widget.say('法律援助要钱吗');
  const title = (await widget.choices.allInnerTexts())[0];
  await widget.tap(title);
  const before = await widget.kept();
  await comeBack(widget);
  assert.deepEqual(await widget.questions.allInnerTexts().then((texts) => texts.map((text) => text.replace(/^您说\s*/, ''))), [...QUESTIONS, '法律援助要钱吗', title]);
  assert.equal(await widget.answers.count(), 5);
  await nothingComes(widget);
  assert.deepEqual((await widget.kept()).map((entry) => entry.id), before.map((entry) => entry.id));
  assert.ok(await widget.choices.count() >= 1);
  await widget.tap(await widget.choices.first().innerText());
});

test('a device that lost all but its token gets the conversation from the server', async (t) => {
  const widget = await visitOpen(t);
  for (const question of QUESTIONS) await widget.say(question);
  const before = await widget.kept();
  await widget.page.evaluate(() => Object.keys(localStorage).filter((key) => !key.endsWith(':token')).forEach((key) => localStorage.removeItem(key)));
  await comeBack(widget);
  await until(async () => await widget.answers.count() === 3, 'the answers');
  assert.deepEqual((await widget.kept()).map(({ id, text }) => ({ id, text })), before.map(({ id, text }) => ({ id, text })));
  assert.equal(await widget.last.locator('.source').count(), 1);
});

test('清空 empties the screen and stays so; the assistant still knows what was said', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  await widget.say('申请法律援助要钱吗');
  await widget.button('清空').click();
  await widget.page.getByText('这里清空了').waitFor();
  assert.equal(await widget.questions.count(), 0);
  await comeBack(widget);
  await nothingComes(widget);
  assert.equal(await widget.questions.count(), 0);
  await widget.say('那要带什么材料');
  assert.equal((await widget.lastAnswer()).record, 'law/legal_aid#materials');
});

test('删除对话 asks first, then nothing is left here or there', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  await widget.say('申请法律援助要钱吗');
  const token = () => widget.page.evaluate(() => localStorage.getItem(Object.keys(localStorage).find((key) => key.endsWith(':token'))));
  const before = await token();
  await widget.button('删除对话').click();
  await widget.button('不删').click();
  assert.equal(await widget.questions.count(), 1);
  await widget.button('删除对话').click();
  await widget.button('都删掉').click();
  await widget.page.getByText('都删掉了。').waitFor();
  assert.equal(await widget.questions.count(), 0);
  await until(async () => await token() !== before, 'a new conversation');
  await widget.page.evaluate(([value]) => { // the old one shows nothing, also to whoever kept its token
    const name = Object.keys(localStorage).find((key) => key.endsWith(':token'));
    localStorage.clear();
    localStorage.setItem(name, value);
  }, [before]);
  await comeBack(widget);
  await nothingComes(widget);
  assert.equal(await widget.questions.count(), 0);
});

test('asked for in words, deletion leaves only the reply that says so', async (t) => {
  const widget = await visitOpen(t);
  await widget.say('申请法律援助要钱吗');
  await widget.say('把我的对话删掉');
  await widget.choices.filter({ hasText: '确定删除' }).click();
  await until(async () => await widget.questions.count() === 0, 'what was said is gone');
  assert.equal(await widget.answers.count(), 1);
  assert.equal((await widget.kept()).length, 1);
  await comeBack(widget);
  await nothingComes(widget);
  assert.equal(await widget.questions.count(), 0);
  await widget.say('申请法律援助要钱吗');
});

test('on a shared terminal nothing outlives the page', async (t) => {
  const widget = await visitOpen(t, { path: '/host', html: page('', { tag: 'data-history="none"' }) });
  await widget.say('交警罚了我两百块我不服');
  await widget.page.getByRole('checkbox').first().check();
  await widget.look({ size: '特大', contrast: true });
  const stored = () => widget.page.evaluate(() => ({ ...localStorage, ...sessionStorage, cookies: document.cookie }));
  assert.deepEqual(await stored(), { cookies: '' });
  await comeBack(widget);
  await nothingComes(widget);
  assert.equal(await widget.questions.count(), 0);
  assert.equal(await widget.button('标准').getAttribute('aria-pressed'), 'true');
  await widget.say('法律援助要钱吗');
  assert.deepEqual(await stored(), { cookies: '' });
});

test('size and contrast are remembered', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  await widget.look({ size: '大', contrast: true });
  await comeBack(widget);
  assert.equal(await widget.button('大').getAttribute('aria-pressed'), 'true');
  assert.equal(await widget.button('高对比').getAttribute('aria-pressed'), 'true');
});
