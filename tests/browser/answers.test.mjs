// What an answer shows: sources, phones, steps, figures as chart and table, lists to tick.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inside, visitOpen } from './lib/visit.mjs';

const hrefs = (locator) => locator.evaluateAll((links) => links.map((link) => link.getAttribute('href')));

test('a guide answer folds many sources away and names each law, place and day', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  const answer = await widget.say('申请法律援助要钱吗');
  const { citations } = await widget.lastAnswer();
  const sources = answer.getByText(`出处（${citations.length}处）`);
  assert.equal(await answer.getByText('起施行').isVisible(), false);
  await sources.click();
  for (const { title, where } of citations) {
    const card = answer.locator('.source').filter({ hasText: `《${title}》` });
    assert.match(await card.innerText(), new RegExp(where.replace(/[()（）]/g, '.')));
    assert.match(await card.innerText(), /\d+年\d+月\d+日起施行/);
  }
  assert.deepEqual(await hrefs(answer.getByRole('link', { name: '拨打12348' })), ['tel:12348']);
});

test('only the last answer has buttons; a tap shows its title and is answered', async (t) => {
  const widget = await visitOpen(t);
  await widget.say('申请法律援助要钱吗');
  const titles = await widget.choices.allInnerTexts();
  assert.ok(titles.length >= 2);
  await widget.tap(titles[0]);
  assert.equal((await widget.questions.last().innerText()).includes(titles[0]), true);
  assert.equal(await widget.page.getByRole('group', { name: '可以点这些' }).count(), 1);
  assert.equal(await widget.answers.nth(1).getByRole('group', { name: '可以点这些' }).count(), 0);
});

test('a figure comes with the report, the place and the phrase it was taken from', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  const answer = await widget.say('12345热线满意率');
  const [{ title, where, phrase }] = (await widget.lastAnswer()).citations;
  const source = await answer.locator('.source').innerText();
  for (const part of [`《${title}》`, where, phrase]) assert.ok(source.includes(part), part);
  assert.match(await answer.innerText(), /98\.24%/);
});

for (const size of ['phone', 'desk']) {
  test(`a chart is a picture with a summary and the same figures as a table (${size})`, async (t) => {
    const widget = await visitOpen(t, { size });
    const answer = await widget.say('各类非诉服务分别办了多少件');
    const { rows, title } = (await widget.lastAnswer()).blocks[0];
    const chart = answer.getByRole('img');
    assert.match(await chart.evaluate((svg) => svg.querySelector('desc').textContent), new RegExp(`共${rows.length}项.*${rows[0][1]}`));
    assert.equal(await chart.evaluate((svg) => svg.querySelector('title').textContent), title);
    const widths = await chart.locator('rect').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
    const ratio = (index) => widths[index] / widths[0] - Number(rows[index][2]) / Number(rows[0][2]);
    for (let index = 1; index < rows.length; index += 1) assert.ok(Math.abs(ratio(index)) < 0.02, `${rows[index][0]} is drawn as long as it is`);
    assert.equal(await answer.getByRole('table').isVisible(), false);
    await answer.getByText('看数据表').click();
    assert.deepEqual(await answer.getByRole('row').evaluateAll((found) => found.slice(1).map((row) => [...row.cells].map((cell) => cell.textContent))),
      rows.map((row) => [row[0], row[1]]));
  });
}

test('figures of different kinds come as a table', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  const answer = await widget.say('政策解读各类分别多少篇');
  const { rows } = (await widget.lastAnswer()).blocks[0];
  assert.equal(await answer.getByRole('table').isVisible(), true);
  assert.equal(await answer.getByRole('row').count(), rows.length + 1);
});

test('triage: steps, phones, and a list to bring that is ticked, remembered over a reload, and printed', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  await widget.page.addInitScript(() => {
    window.print = () => { window.top.printed = document.body.innerText; };
  });
  await widget.page.reload();
  await widget.open();
  await widget.say('交警罚了我两百块我不服');
  const { status, blocks } = await widget.lastAnswer();
  assert.equal(status, 'routed');
  const items = blocks.find((block) => block.type === 'checklist').items;
  const boxes = widget.page.getByRole('checkbox');
  assert.equal(await boxes.count(), items.length);
  await boxes.nth(1).check();
  await widget.page.getByText(`备好1样，共${items.length}样`).waitFor();
  await widget.page.reload();
  await widget.open();
  assert.deepEqual(await Promise.all(items.map((_, index) => boxes.nth(index).isChecked())), items.map((_, index) => index === 1));
  await widget.button('打印清单').click();
  const printed = await widget.page.waitForFunction(() => window.printed);
  const paper = await printed.jsonValue();
  for (const [index, item] of items.entries()) assert.match(paper, new RegExp(`${index === 1 ? '☑' : '☐'}\\s+${item.replace(/[()（）.+*?]/g, '.')}`));
});

test('steps are a numbered list, a period stands out', async (t) => {
  const widget = await visitOpen(t);
  const answer = await widget.say('工地欠薪怎么办');
  const blocks = (await widget.lastAnswer()).blocks;
  assert.deepEqual(await answer.locator('ol li').allInnerTexts(), blocks.find((block) => block.type === 'steps').items);
  const deadline = blocks.find((block) => block.type === 'deadline');
  assert.ok((await answer.locator('.deadline').innerText()).includes(`${deadline.value}${deadline.unit}`));
});

test('danger: 110 is the first thing to tap, before any text', async (t) => {
  const widget = await visitOpen(t, { size: 'phone' });
  const answer = await widget.say('我老公拿刀要砍我，快救命');
  assert.equal((await widget.lastAnswer()).status, 'emergency');
  const links = answer.getByRole('link');
  assert.equal(await links.first().getAttribute('href'), 'tel:110');
  const box = await links.first().boundingBox();
  assert.ok(box.height >= 44 && box.y < 844 / 2, 'in sight without scrolling');
});

test('numbers to call are links, numbers that count are not, markup is text', async (t) => {
  const widget = await visitOpen(t);
  await widget.say('<img src=x onerror=alert(1)> 申请法律援助要钱吗 <b>tel:999</b>');
  assert.match(await widget.questions.last().innerText(), /<img src=x onerror=alert\(1\)>/);
  assert.equal(await inside(widget.page, (root) => root.querySelectorAll('article img, article b:not(li b, .source b)').length), 0);
  for (const href of await hrefs(widget.page.getByRole('link'))) assert.match(href, /^(tel:(12348|12345|110|120)|\/text|\/privacy)$/);
});

test('reading aloud is offered only with a Chinese voice, and stops when tapped again', async (t) => {
  const none = await visitOpen(t);
  await none.say('法律援助要钱吗');
  assert.equal(await none.page.getByRole('button', { name: '朗读' }).count(), 0);
  const widget = await visitOpen(t);
  await widget.page.addInitScript(() => {
    window.spoken = [];
    speechSynthesis.getVoices = () => [{ lang: 'zh-CN', name: '普通话' }];
    speechSynthesis.speak = (utterance) => window.spoken.push(utterance.text);
    speechSynthesis.cancel = () => { window.spoken = []; };
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  });
  await widget.page.reload();
  await widget.open();
  const answer = await widget.say('申请法律援助要钱吗');
  await answer.getByRole('button', { name: '朗读' }).click();
  assert.match((await widget.page.evaluate(() => window.spoken)).join(''), /^不要钱。/);
  await answer.getByRole('button', { name: '停下' }).click();
  assert.deepEqual(await widget.page.evaluate(() => window.spoken), []);
});
