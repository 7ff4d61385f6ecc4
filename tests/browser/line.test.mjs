// A bad line: nothing said is lost, nothing is said or answered twice.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inside, pause, until, visit, visitOpen } from './lib/visit.mjs';

const BROKEN = /WebSocket connection|net::ERR_|status of 400/; // 400: a poll for a connection that the server has given up
const TOPICS = ['申请法律援助要钱吗', '法律援助去哪申请', '行政复议几天内申请', '怎么申请复议', '劳动仲裁怎么申请', '信访多久有结果', '什么人能申请法律援助',
  '复议要交钱吗', '怎么申请人民调解', '公证怎么办', '劳动仲裁要什么证据', '哪些事能复议'];

/** The page and its script stay in reach, as from a site and a cache of their own, whatever happens to the assistant. */
async function keepPage(widget) {
  for (const path of ['/', '/widget.js']) {
    const kept = await widget.page.request.get(widget.line.address + path);
    const [body, headers] = [await kept.body(), kept.headers()];
    delete headers['content-encoding'];
    await widget.page.route(widget.line.address + path, (route) => route.fulfill({ body, headers }));
  }
  await widget.page.context().grantPermissions(['local-network-access']);
}

/** Each question once, each answered once; in what is kept here and in what the server tells a device that has only the token left. */
async function assertWhole(widget, said) {
  const check = (entries, where) => {
    const mine = entries.filter((entry) => entry.from === 'me');
    assert.deepEqual(mine.map((entry) => entry.text), said, `said, ${where}`);
    const answered = entries.filter((entry) => entry.from === 'bot').map((entry) => entry.reply_to);
    assert.deepEqual(answered.sort(), mine.map((entry) => entry.id).sort(), `answered, ${where}`);
  };
  check(await widget.kept(), 'on the device');
  assert.equal(await widget.questions.count(), said.length);
  assert.equal(await widget.answers.count(), said.length + 1, 'with the greeting');
  await widget.page.evaluate(() => Object.keys(localStorage).filter((key) => !key.endsWith(':token')).forEach((key) => localStorage.removeItem(key)));
  await widget.page.reload();
  await widget.open();
  await until(async () => (await widget.kept()).length >= 2 * said.length, 'the history of the server');
  check(await widget.kept(), 'on the server');
}

const WAYS = {
  'the device goes offline': { break: (widget) => widget.page.context().setOffline(true), mend: (widget) => widget.page.context().setOffline(false) },
  'the server is away': { break: (widget) => widget.line.down(), mend: (widget) => widget.line.up() },
};

describe('a bad line', { concurrency: 4 }, () => {
  for (const [name, way] of Object.entries(WAYS)) {
    test(`${name}: what is said waits, over a reload too, and is delivered and answered once`, async (t) => {
      const widget = await visitOpen(t, { size: 'phone', expected: BROKEN });
      await widget.say(TOPICS[0]);
      await keepPage(widget);
      await way.break(widget);
      await widget.page.getByText('网络断了').waitFor();
      await widget.type(TOPICS[1]);
      await widget.unsent.filter({ hasText: '未发送' }).waitFor();
      await widget.page.reload();
      await widget.open();
      await widget.unsent.filter({ hasText: '未发送' }).waitFor();
      await widget.type(TOPICS[2]);
      await until(async () => await widget.unsent.count() === 2, 'two wait');
      await pause(300);
      assert.equal(await widget.answers.count(), 2);
      await way.mend(widget);
      await until(async () => await widget.answers.count() === 4, 'both are answered', 60_000);
      assert.equal(await widget.unsent.count(), 0);
      assert.equal(await widget.page.getByText(/网络断了|现在连不上/).count(), 0);
      await assertWhole(widget, TOPICS.slice(0, 3));
    });
  }

  test('the line breaks between question and answer', async (t) => {
    const widget = await visitOpen(t, { expected: BROKEN });
    for (const [index, topic] of TOPICS.slice(0, 5).entries()) {
      await widget.type(topic);
      await pause(index * 12);
      widget.line.cut();
      await until(async () => await widget.answers.count() === index + 2, `answer ${index}`, 60_000);
    }
    await assertWhole(widget, TOPICS.slice(0, 5));
  });

  test('an answer that got lost on a line that seems to stand is fetched', async (t) => {
    const widget = await visit(t, { size: 'phone' });
    let lost = 0;
    await widget.page.routeWebSocket(/socket\.io/, (browserSide) => {
      const server = browserSide.connectToServer();
      server.onMessage((message) => {
        if (lost < 2 && /"bot_(uttered|typing)"/.test(String(message))) lost += 1;
        else browserSide.send(message);
      });
    });
    await widget.page.reload();
    await widget.open();
    await widget.type(TOPICS[0]);
    await until(async () => await widget.answers.count() === 2, 'the answer', 30_000);
    assert.equal(lost, 2);
    assert.equal(await widget.page.getByText(/网络断了|现在连不上/).count(), 0);
    await assertWhole(widget, TOPICS.slice(0, 1));
  });

  for (const visitor of [1, 2, 3, 4]) {
    test(`50 lost connections in a conversation lose and double nothing (visitor ${visitor} of 4 at once)`, async (t) => {
      const widget = await visitOpen(t, { size: visitor % 2 ? 'phone' : 'desk', expected: BROKEN });
      let cuts = 0;
      const cutLine = async () => {
        await pause(Math.random() * 100);
        await until(() => widget.line.cut(), 'a connection to cut');
        cuts += 1;
        if (cuts % 10) await widget.page.evaluate(() => dispatchEvent(new Event('online'))); // else the widget must notice by itself
      };
      for (const topic of TOPICS) {
        await widget.type(topic);
        for (let cut = 0; cut < 4; cut += 1) await cutLine();
      }
      while (cuts < 50) await cutLine();
      await until(async () => await widget.answers.count() >= TOPICS.length + 1, 'every question is answered', 60_000);
      await pause(300);
      await assertWhole(widget, TOPICS);
    });
  }

  test('two windows of one visitor show the same conversation', async (t) => {
    const widget = await visitOpen(t);
    await widget.say(TOPICS[0]);
    const other = await widget.page.context().newPage();
    await other.goto(widget.line.address);
    await other.getByRole('button', { name: '问政务' }).click();
    await widget.say(TOPICS[1]);
    await other.locator('article.theirs').nth(2).waitFor();
    assert.equal(await inside(other, (root) => root.querySelectorAll('article.theirs').length), 3);
  });
});
