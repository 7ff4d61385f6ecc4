// The text of an answer is complete by itself. Where a card shows exactly the same, the line is left out; anything that differs stays.
const OPTION = /^(?:\d+\.|[一二三四五六七八九十]+、)\s*(.+)$/;
const CHANGED = /，?可能已修改，请向当地核实/;
const HEADING = /^【(.{1,20})】$/;
const CHECKLIST_STARTS = ['要准备：', '要带：', ''];

const joined = (items) => `${items.join('；')}。`;

/** Lines of numbered options that the buttons show as well. A run counts only when each of its lines is a button. */
function optionLines(lines, buttons) {
  const titles = new Set(buttons.map((button) => button.title));
  const found = lines.map((line) => OPTION.exec(line)?.[1]);
  const named = found.filter(Boolean);
  return named.length > 1 && named.every((title) => titles.has(title)) ? new Set(lines.filter((_, index) => found[index])) : new Set();
}

function lawSources(citations) {
  const places = new Map();
  for (const { title, where, in_force_from: since } of citations) {
    const law = places.get(title) || { since, wheres: new Set() };
    law.wheres.add(where);
    places.set(title, law);
  }
  const entries = [...places].map(([title, { since, wheres }]) => `《${title}》${[...wheres].join('、')}${since ? `（${chineseDay(since)}起施行）` : ''}`);
  return `依据：${entries.join('；')}。`;
}

function reportSources(citations) {
  return `来源：《${citations[0].title}》${[...new Set(citations.map((citation) => citation.where))].join('、')}`;
}

export function chineseDay(iso) {
  const [year, month, day] = iso.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

/** Whether the line only names the sources that the cards show. */
function isSources(line, citations) {
  const laws = citations.filter((citation) => citation.kind === 'law');
  const reports = citations.filter((citation) => citation.kind === 'report');
  if (laws.length && line.startsWith('依据：')) return line.split(CHANGED).join('').split('（）').join('') === lawSources(laws);
  if (!reports.length || !line.startsWith('来源：')) return false;
  const phrase = reports.length === 1 ? `（原文：${reports[0].phrase}）` : '';
  return [reportSources(reports), reportSources(reports) + phrase].includes(line);
}

/** Lines that each block repeats. */
function repeatedBy(block) {
  switch (block.type) {
    case 'steps': return block.items.length > 1 ? [`怎么做：${joined(block.items)}`] : [];
    case 'checklist': return CHECKLIST_STARTS.map((start) => start + joined(block.items));
    case 'contact': return [`想问人，可以找：${block.entries.map((entry) => `${entry.phone}（${entry.name}）`).join('、')}。`];
    case 'deadline': return [`时间要紧：${block.what}，期限${block.value}${block.unit}，从${block.starts}起算。`];
    case 'chart':
    case 'table': return block.columns ? [] : block.rows.map((row) => `· ${row[0]}：${row[1]}`);
    case 'form': return [`（${block.why}）`];
    default: return [];
  }
}

/** {before, after, numbered}: what is shown above the cards; what follows the question of a form or the summary of a hand-over; whether the buttons stand for a numbered list. */
export function shownText(text, answer = {}, buttons = []) {
  const blocks = answer.blocks || [];
  const lines = String(text || '').split('\n');
  const repeated = new Set(blocks.flatMap(repeatedBy));
  const options = optionLines(lines, buttons);
  const form = blocks.find((block) => block.type === 'form');
  const handed = blocks.find((block) => block.type === 'handover');
  const asked = lines.findIndex((line) => (form && line.startsWith('第') && line.endsWith(`：${form.question}`)) || (handed && line === `【${handed.summary}】`));
  const kept = lines.map((line, index) => {
    const goes = index === asked || options.has(line) || repeated.has(line) || isSources(line, answer.citations || []);
    return goes ? null : line;
  });
  kept.forEach((line, index) => { // a heading whose only line went has nothing to head
    if (line !== null && HEADING.test(line) && index + 1 < lines.length && kept[index + 1] === null) kept[index] = null;
  });
  const whole = (part) => part.filter((line) => line !== null).join('\n').replace(/\n{3,}/g, '\n\n').trim();
  const numbered = options.size > 0;
  return asked < 0 ? { before: whole(kept), after: '', numbered } : { before: whole(kept.slice(0, asked)), after: whole(kept.slice(asked)), numbered };
}

/** Titles of laws that the text says may have changed. */
export function maybeChanged(text) {
  const line = String(text || '').split('\n').find((candidate) => candidate.startsWith('依据：')) || '';
  return line.split('；').filter((entry) => CHANGED.test(entry)).map((entry) => /《(.+?)》/.exec(entry)?.[1]).filter(Boolean);
}

/** What is read aloud: the whole text but for the lines of sources. */
export function spokenText(text) {
  return String(text || '').split('\n').filter((line) => !/^(依据|来源)：/.test(line)).join('\n');
}

export function headingOf(line) {
  return HEADING.exec(line)?.[1] || '';
}
