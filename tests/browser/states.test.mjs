// Every state of the widget on a phone and on a desk, normal, in the largest type and in high contrast; and at 320 px in the largest type.
// Each is pictured, has no axe violation, no sideways scroll, and nothing to tap that is under 44 px.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { inside, visit, visitOpen } from './lib/visit.mjs';

const LOOKS = { normal: {}, large: { size: '特大' }, contrast: { contrast: true } };

/** Conversations, [name of the state, what leads to it], each well under the messages a visitor may send in a minute. */
const TOURS = {
  answers: [
    ['welcome', () => {}],
    ['guide', (widget) => widget.say('申请法律援助要钱吗')],
    ['steps', (widget) => widget.say('工地欠薪怎么办')],
    ['triage', (widget) => widget.say('交警罚了我两百块我不服')],
    ['figure', (widget) => widget.say('12345热线满意率')],
    ['chart', (widget) => widget.say('各类非诉服务分别办了多少件')],
    ['percent', (widget) => widget.say('各渠道满意率分别是多少')],
    ['table', (widget) => widget.say('政策解读各类分别多少篇')],
    ['choose', (widget) => widget.say('调解了多少')],
    ['not-covered', (widget) => widget.say('法律援助去年办了多少件')],
    ['out-of-scope', (widget) => widget.say('今年的GDP是多少')],
    ['marked', async (widget) => {
      await widget.say('行政复议几天内申请');
      await widget.button('有帮助').click();
      await widget.page.getByText('已记下').first().waitFor();
    }],
    ['long', (widget) => widget.box.fill('字'.repeat(450))],
    ['too-long', (widget) => widget.type('字'.repeat(510))],
    ['offline', async (widget) => {
      widget.line.down();
      await widget.page.getByText('网络断了').waitFor();
      await widget.type('公司欠我三个月工资，没有合同，能要回来吗？');
      await widget.unsent.waitFor();
    }],
  ],
  people: [
    ['form', (widget) => widget.say('帮我算算复议还剩几天')],
    ['form-day', (widget) => widget.say('交警罚款')],
    ['form-options', (widget) => widget.say('上个月15号')],
    ['deadline', async (widget) => {
      await widget.say('交警大队');
      await widget.say('写了');
    }],
    ['legal-aid-form', (widget) => widget.say('帮我测一下我能不能申请法律援助')],
    ['legal-aid', async (widget) => {
      await widget.say('老板拖欠我工资');
      await widget.say('给我自己');
      await widget.say('我是出来打工的农民工');
      await widget.page.getByRole('checkbox').last().check();
    }],
    ['danger', (widget) => widget.say('我老公拿刀要砍我，快救命')],
    ['people', (widget) => widget.say('转人工')],
    ['edited', (widget) => widget.page.getByLabel('给工作人员看的话').fill('我想问：公司欠我三个月工资怎么办。')],
    ['goodbye', async (widget) => {
      await widget.say('继续问');
      await widget.say('再见');
    }],
    ['rate', (widget) => widget.tap('评价一下')],
    ['rated', (widget) => widget.tap('非常满意')],
    ['delete', (widget) => widget.say('把我的对话删掉')],
    ['confirm', (widget) => widget.button('删除对话').click()],
  ],
};
const AFTER_CUTTING = /WebSocket connection|net::ERR_/;

/** What cannot be seen whole or tapped safely. */
function misfits(root) {
  const sideways = [...root.querySelectorAll('dialog, dialog *')].filter((element) => element.scrollWidth > element.clientWidth + 1
    && !['visible', 'clip'].includes(getComputedStyle(element).overflowX) && !element.matches('.unseen, h2, .printed'));
  const panel = root.querySelector('dialog').getBoundingClientRect();
  const outside = [...root.querySelectorAll('dialog *')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && !element.closest('.unseen, .printed') && (box.right > panel.right + 1 || box.left < panel.left - 1);
  });
  const small = [...root.querySelectorAll('dialog button, dialog a.call, dialog summary, dialog label')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.height < 43.5 || box.width < 43.5);
  });
  const say = (what) => (element) => `${what}: ${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`;
  return [...sideways.map(say('scrolls sideways')), ...outside.map(say('sticks out')), ...small.map(say('too small'))];
}

/** The last answer from its beginning and, when it is longer than the view, its end with everything unfolded. */
async function views(widget) {
  return inside(widget.page, (root) => {
    const log = root.querySelector('[role=log]');
    const last = root.querySelector('article:last-of-type');
    return last.offsetHeight > log.clientHeight ? 2 : 1;
  });
}
const toEnd = (root) => {
  root.querySelectorAll('article:last-of-type details').forEach((details) => { details.open = true; });
  const log = root.querySelector('[role=log]');
  log.scrollTop = log.scrollHeight;
};

describe('every state', { concurrency: 3 }, () => {
  for (const [tour, states] of Object.entries(TOURS)) {
    for (const size of ['phone', 'desk', 'narrow']) {
      test(`${tour} on a ${size}`, async (t) => {
        const widget = await visitOpen(t, { size, expected: AFTER_CUTTING });
        const looks = size === 'narrow' ? ['large'] : Object.keys(LOOKS);
        for (const [state, reach] of states) {
          await reach(widget);
          const numberOfViews = await views(widget);
          for (const look of looks) {
            await widget.look(LOOKS[look]);
            for (let view = 0; view < numberOfViews; view += 1) {
              if (view) await inside(widget.page, toEnd);
              const name = `${state}-${size}-${look}${view ? '-end' : ''}`;
              await widget.shot(name);
              const wrong = await inside(widget.page, misfits);
              if (size !== 'narrow') wrong.push(...(await violations(widget.page)));
              assert.deepEqual(wrong, [], name);
            }
          }
          await widget.look(LOOKS[looks[0]]);
        }
      });
    }
  }

  for (const size of ['phone', 'desk']) {
    test(`the page with the panel closed (${size})`, async (t) => {
      const widget = await visit(t, { size });
      await widget.launcher.waitFor();
      await widget.shot(`closed-${size}`);
      assert.deepEqual(await violations(widget.page), []);
    });

    test(`colours forced by the system (${size})`, async (t) => {
      const widget = await visitOpen(t, { size, forcedColors: 'active', reducedMotion: 'reduce' });
      for (const question of ['各渠道满意率分别是多少', '帮我算算复议还剩几天']) {
        await widget.say(question);
        await widget.shot(`forced-${question}-${size}`);
        assert.deepEqual((await violations(widget.page)).filter((line) => !line.startsWith('color-contrast untold')), []); // the system's colours
      }
    });
  }
});
