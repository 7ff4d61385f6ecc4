// The guided checks to their end, by taps and by typing; the deadline card and its calendar file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { visitOpen } from './lib/visit.mjs';

const LEGAL_AID = '帮我测一下我能不能申请法律援助';
const RECONSIDERATION = '帮我算算复议还剩几天';
const WALKS = {
  'legal aid by taps': [LEGAL_AID, 'tap', ['要工资、认定劳动关系', '给我自己', '外出打工的农民工'], 'checks/legal_aid_check#likely'],
  'legal aid by typing': [LEGAL_AID, 'say', ['老板拖欠我工资', '给我自己', '我是出来打工的农民工'], 'checks/legal_aid_check#likely'],
  'reconsideration by taps': [RECONSIDERATION, 'tap', ['罚款、拘留等处罚', '昨天', '枣庄市的局', '写了'], 'checks/reconsideration_check#in_time'],
  'reconsideration by typing': [RECONSIDERATION, 'say', ['交警罚款', '昨天', '交警大队', '写了'], 'checks/reconsideration_check#in_time'],
  'reconsideration by numbers': [RECONSIDERATION, 'say', ['1', '2', '第二个', '1'], 'checks/reconsideration_check#in_time'],
};

for (const [index, [name, [start, way, said, record]]] of Object.entries(WALKS).entries()) {
  test(`${name} to the end`, async (t) => {
    const widget = await visitOpen(t, { size: index % 2 ? 'desk' : 'phone' });
    await widget.say(start);
    let before = 0;
    for (const words of said) {
      const { blocks: [form] } = await widget.lastAnswer();
      assert.equal(form.type, 'form');
      const shown = await widget.last.innerText();
      assert.ok(shown.includes(`第 ${form.step} 步，共 ${form.of} 步`) && shown.includes(form.question) && shown.includes(form.why), shown);
      assert.ok(form.step > before && form.step <= form.of);
      assert.equal(shown.match(new RegExp(form.question.replace(/[?？.。()（）]/g, '.'), 'g')).length, 1, 'the question stands there once');
      before = form.step;
      await widget[way](words);
    }
    assert.equal((await widget.lastAnswer()).record, record);
    assert.equal(await widget.last.getByText('步，共').count(), 0);
    assert.ok(await widget.last.getByRole('checkbox').count() >= 2);
  });
}

test('options stand as buttons with their numbers, not also in the text', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  const answer = await widget.say(RECONSIDERATION);
  const [title] = (await widget.kept()).pop().buttons.map((button) => button.title);
  assert.equal((await answer.innerText()).split(title).length - 1, 1);
  assert.match(await widget.choices.first().innerText(), /^1\s+/);
});

test('a question in the middle is answered and the check goes on', async (t) => {
  const widget = await visitOpen(t);
  await widget.say(LEGAL_AID);
  await widget.say('法律援助要钱吗');
  const { blocks } = await widget.lastAnswer();
  assert.ok(blocks.some((block) => block.type === 'form'));
  await widget.tap('要工资、认定劳动关系');
  assert.equal((await widget.lastAnswer()).record, 'checks/legal_aid_check#legal_aid_applicant');
});

/** The lines of an .ics file, unfolded (RFC 5545). */
const unfolded = (text) => text.replace(/\r\n /g, '').split('\r\n');
const compact = (iso) => iso.replace(/-/g, '');
const dayAfter = (iso) => compact(new Date(Date.parse(`${iso}T00:00:00Z`) + 864e5).toISOString().slice(0, 10));

test('the deadline card says the last day and puts it into the calendar', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  for (const words of [RECONSIDERATION, '交警罚款', '昨天', '交警大队', '写了']) await widget.say(words);
  const deadline = (await widget.lastAnswer()).blocks.find((block) => block.type === 'deadline');
  const [year, month, day] = deadline.last_day.split('-').map(Number);
  const card = widget.last.locator('.deadline');
  for (const words of [`${year}年${month}月${day}日`, `还剩${deadline.days_left}天`, deadline.what]) assert.ok((await card.innerText()).includes(words), words);
  const due = (Date.parse(deadline.last_day) - Date.parse(deadline.start)) / 864e5;
  assert.ok(due >= 60 && due <= 75, '60 days, or a few more when the last one is a holiday');

  const [file] = await Promise.all([widget.page.waitForEvent('download'), widget.button('加入日历').click()]);
  assert.match(file.suggestedFilename(), /\.ics$/);
  const text = await readFile(await file.path(), 'utf8');
  assert.ok(text.endsWith('END:VCALENDAR\r\n') && !/[^\r]\n/.test(text));
  for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
  const lines = unfolded(text);
  for (const line of ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', `DTSTART;VALUE=DATE:${compact(deadline.last_day)}`,
    `DTEND;VALUE=DATE:${dayAfter(deadline.last_day)}`, `SUMMARY:最后一天：${deadline.what}`, 'BEGIN:VALARM', 'TRIGGER:-PT15H', 'END:VALARM', 'END:VEVENT']) {
    assert.ok(lines.includes(line), line);
  }
  assert.match(lines.find((line) => line.startsWith('DESCRIPTION:')), new RegExp(`还剩${deadline.days_left}天.*期限${deadline.value}${deadline.unit}`));
  await widget.page.getByText('日历文件已下载').waitFor();
});
