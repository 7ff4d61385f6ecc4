// A period; when a check has counted it, its last day in large type with an entry for the calendar.
import { h } from 'preact';
import { calendarText, download } from '../calendar.js';
import { Icon } from '../icons.jsx';
import { chineseDay } from '../trim.js';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';

const LEFT = /还剩\d+天|今天就是最后一天|已经过了\d+天/;

/** The words of the answer for the days left, from the line that names the last day. */
export function daysLeft(text, lastDay) {
  const line = String(text || '').split('\n').find((candidate) => candidate.includes(chineseDay(lastDay)) && LEFT.test(candidate));
  return line ? LEFT.exec(line)[0] : '';
}

function weekday(iso) {
  return WORDS.weekday(WORDS.weekdays[new Date(`${iso}T00:00:00Z`).getUTCDay()]);
}

export function Deadline({ block, id, text, tell }) {
  const from = WORDS.startsFrom(block.starts);
  if (!block.last_day) {
    return (
      <Card kind="deadline">
        <h3>{block.what}</h3>
        <p class="span">{block.value}{block.unit}</p>
        <p class="note">{from}</p>
      </Card>
    );
  }
  const left = daysLeft(text, block.last_day);
  const save = () => {
    download(calendarText(block, left, id), WORDS.eventFile);
    tell(WORDS.added);
  };
  return (
    <Card kind="deadline">
      <h3>{block.what}，{WORDS.lastDay}</h3>
      <p class="day">{chineseDay(block.last_day)}<span>{weekday(block.last_day)}</span></p>
      {left && <p class="left">{left}</p>}
      <p class="note">{block.value}{block.unit}，{from}</p>
      {block.days_left >= 0 && <button type="button" class="plain" onClick={save}><Icon name="calendar" />{WORDS.addCalendar}</button>}
    </Card>
  );
}
