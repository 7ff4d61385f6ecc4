// People: the hand-over card, marks for an answer, the rating at the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, visitOpen } from './lib/visit.mjs';

test('the summary for people is shown, copied, changed and used', async (t) => {
  const widget = await visitOpen(t, { size: 'phone', permissions: ['clipboard-read', 'clipboard-write'] });
  await widget.say('老板欠我工资三个月不给');
  const answer = await widget.say('转人工');
  const summary = answer.getByRole('textbox', { name: '给工作人员看的话' });
  assert.match(await summary.inputValue(), /老板欠我工资三个月不给/);
  assert.deepEqual(await answer.getByRole('link', { name: '拨打12348' }).evaluateAll((links) => links.map((link) => link.getAttribute('href'))), ['tel:12348']);
  await widget.button('复制').click();
  await widget.page.getByText('已复制').waitFor();
  assert.equal(await widget.page.evaluate(() => navigator.clipboard.readText()), await summary.inputValue());

  const words = '在工地干了三个月，包工头姓王，欠两万块';
  await summary.fill(words);
  const before = await widget.answers.count();
  await widget.button('用改好的话').click();
  await widget.answers.nth(before + 1).waitFor();
  const { status, blocks } = await widget.lastAnswer();
  assert.equal(status, 'handed_over');
  assert.equal(blocks.find((block) => block.type === 'handover').summary, words);
  assert.equal(await widget.last.getByRole('textbox').inputValue(), words);
  await widget.say('继续问');
  assert.equal((await widget.say('法律援助要钱吗').then(() => widget.lastAnswer())).status, 'answered');
});

test('有帮助 is marked once, without a bubble, and stays marked', async (t) => {
  const widget = await visitOpen(t);
  const answer = await widget.say('申请法律援助要钱吗');
  const said = await widget.questions.count();
  await answer.getByRole('button', { name: '有帮助' }).click();
  await answer.getByText('已记下').waitFor();
  assert.equal(await answer.getByRole('button', { name: '没帮助' }).count(), 0);
  await until(async () => (await widget.kept()).some((entry) => entry.answer?.record === 'conversation#feedback_helpful'), 'the mark is stored');
  assert.equal(await widget.questions.count(), said);
  assert.ok(await widget.choices.count() >= 2, 'the buttons of the answer are still there');
  await widget.page.reload();
  await widget.open();
  await widget.last.getByText('已记下').waitFor();
  assert.equal(await widget.questions.count(), said);
});

test('没帮助 is asked about', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  const answer = await widget.say('申请法律援助要钱吗');
  await widget.answered(() => answer.getByRole('button', { name: '没帮助' }).click());
  await answer.getByText('已记下').waitFor();
  assert.match((await widget.kept()).pop().answer.record, /feedback_unhelpful/);
});

test('five levels at the end', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  await widget.say('申请法律援助要钱吗');
  await widget.say('再见');
  await widget.tap('评价一下');
  assert.deepEqual((await widget.choices.allInnerTexts()).map((text) => text.replace(/^\d\s*/, '')), ['非常满意', '满意', '基本满意', '不满意', '非常不满意']);
  await widget.choices.last().click();
  await widget.page.getByText(/记下了|谢谢/).last().waitFor();
});
