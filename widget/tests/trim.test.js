import { describe, expect, it } from 'vitest';
import answers from '../dev/answers.json';
import { grouped } from '../src/blocks/citations.jsx';
import { comparable, linesOf, summary } from '../src/blocks/chart.jsx';
import { maybeChanged, shownText, spokenText } from '../src/trim.js';

const shown = (name) => shownText(answers[name].text, answers[name].answer, answers[name].answer.buttons);

describe('a form', () => {
  it('leaves its options to the buttons and its question to the card, and keeps the rest', () => {
    const { before, after, numbered } = shown('算复议3');
    expect(before).toBe('记下了：2026年11月24日（星期二）。');
    expect(after).toBe('回一个数字就行，也可以直接打字说。不知道、上一步、取消，也可以说。');
    expect(numbered).toBe(true);
  });
  it('keeps every line when the buttons are gone or differ', () => {
    const { text, answer } = answers['算复议2'];
    const kept = shownText(text, answer, []);
    expect(kept.after).toContain('1. 今天\n2. 昨天\n3. 记不清了');
    expect(kept.numbered).toBe(false);
    expect(shownText(text, answer, answer.buttons.slice(1)).after).toContain('1. 今天');
  });
  it('keeps an answer given in between', () => {
    const { text, answer } = answers['算复议2'];
    const both = shownText(`复议不收费。\n\n接着刚才的：\n${text}`, answer, answer.buttons);
    expect(both.before.startsWith('复议不收费。\n\n接着刚才的：')).toBe(true);
    expect(both.after).toContain('回一个数字就行');
  });
});

describe('other answers', () => {
  it('leave out what the cards show', () => {
    const { before } = shown('援助不批准');
    expect(before).not.toMatch(/怎么做：|依据：|想问人/);
    expect(before.split('\n')[0]).toBe(answers['援助不批准'].text.split('\n')[0]);
    expect(shown('算复议结果').before).not.toMatch(/要准备|依据：/);
    expect(shown('机关不答复').before).not.toMatch(/要带：|时间要紧：/);
    expect(shown('机关不答复').before).toContain('第二条路：');
    expect(shown('非诉办了多少').before).toBe('2020年，各类非诉服务办理数量：');
    expect(shown('法律援助办了多少件').before).toBe('2020年，非诉服务中，法律援助5290件。');
    expect(shown('打分').before).toBe('您对这次服务满意吗？点一个，或者回数字。只记分数，不记您说的话。');
  });
  it('keep a line that says more than the cards', () => {
    const { text, answer } = answers['援助不批准'];
    expect(shownText(text.replace('想问人，可以找：12348', '想问人，可以找：12345、12348'), answer, []).before).toContain('想问人');
    expect(shownText(text, { ...answer, citations: answer.citations.slice(1) }, []).before).toContain('依据：');
    expect(shownText(text, { ...answer, blocks: [] }, []).before).toContain('怎么做：');
    expect(shownText(text, undefined, undefined).before).toBe(text);
  });
  it('split a hand-over at its summary', () => {
    const { before, after } = shown('转人工');
    expect(before.endsWith('打电话时可以照着念，也可以复制：')).toBe(true);
    expect(after.startsWith('这段话还没有发出去。')).toBe(true);
    expect(before + after).not.toContain('【');
  });
  it('say which law may have changed, and read no sources aloud', () => {
    expect(maybeChanged(answers['援助不批准'].text)).toEqual(['山东省法律援助条例']);
    expect(spokenText(answers['援助不批准'].text)).not.toContain('依据：');
    expect(spokenText(answers['援助不批准'].text)).toContain('怎么做：');
  });
});

describe('figures and sources', () => {
  const { rows } = answers['非诉办了多少'].answer.blocks[0];
  it('sum up a chart in words that copy the figures', () => {
    expect(summary(rows)).toBe('共9项；最多的是调解，16769件；最少的是仲裁，394件。');
    expect(summary([['甲', '100%', '100', '%'], ['乙', '100%', '100', '%']])).toBe('共2项；最多的是甲、乙，100%。');
  });
  it('draw no bars for units that cannot be compared', () => {
    expect(comparable(rows)).toBe(true);
    expect(comparable([['甲', '9项', '9', '项'], ['乙', '9个', '9', '个']])).toBe(false);
    expect(comparable([['甲', '三类', '三类', '']])).toBe(false);
  });
  it('cut long labels to the width', () => {
    expect(linesOf('国务院互联网督查', 30, 120)).toEqual(['国务院互', '联网督查']);
    expect(linesOf('短', 30, 10)).toEqual(['短']);
  });
  it('group places under their law or report', () => {
    expect(grouped(answers['非诉办了多少'].answer.citations)).toHaveLength(1);
    expect(grouped(answers['援助不批准'].answer.citations)[0].places.map((place) => place.where)).toContain('第四十九条第二款');
  });
});
