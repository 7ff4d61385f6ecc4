import { expect, it } from 'vitest';
import { daysLeft } from '../src/blocks/deadline.jsx';
import { calendarText, folded } from '../src/calendar.js';

const block = { type: 'deadline', value: '60', unit: '日', what: '申请行政复议，向市政府', starts: '知道行政行为之日', start: '2026-11-24', last_day: '2026-12-31', days_left: 36 };
const bytes = (text) => new TextEncoder().encode(text).length;

it('writes an all-day event with an alarm before it', () => {
  const text = calendarText(block, '还剩36天', 'm1.0-0', new Date('2026-11-25T01:02:03.456Z'));
  const lines = text.replace(/\r\n /g, '').split('\r\n');
  expect(lines).toContain('DTSTART;VALUE=DATE:20261231');
  expect(lines).toContain('DTEND;VALUE=DATE:20270101');
  expect(lines).toContain('DTSTAMP:20261125T010203Z');
  expect(lines).toContain('UID:m1.0-0@zaofatong');
  expect(lines).toContain('SUMMARY:最后一天：申请行政复议，向市政府');
  expect(lines).toContain('DESCRIPTION:还剩36天\\n期限60日，从知道行政行为之日起算。');
  expect(lines).toContain('TRIGGER:-PT15H');
  expect(lines.indexOf('BEGIN:VALARM')).toBeGreaterThan(lines.indexOf('BEGIN:VEVENT'));
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(text.split('\r\n').every((line) => bytes(line) <= 75)).toBe(true);
});

it('escapes what the format reserves', () => {
  expect(calendarText({ ...block, what: 'a,b;c\\d' }, '', 'x').replace(/\r\n /g, '')).toContain('SUMMARY:最后一天：a\\,b\\;c\\\\d\r\n');
});

it('folds long lines without cutting a character', () => {
  const line = `DESCRIPTION:${'期限'.repeat(60)}𠮷`;
  expect(folded(line).split('\r\n ').join('')).toBe(line);
  expect(folded(line).split('\r\n').every((part) => bytes(part) <= 75 && !part.includes('�'))).toBe(true);
});

it('takes the days left from the words of the answer', () => {
  const text = '【期限】\n最晚在这天申请复议：2026年12月31日（星期四）。今天是2026年11月25日（星期三），还剩36天。\n直接起诉，一般最晚到2027年5月24日（星期一）。';
  expect(daysLeft(text, '2026-12-31')).toBe('还剩36天');
  expect(daysLeft(text, '2027-05-24')).toBe('');
  expect(daysLeft('最晚2026年12月31日。今天就是最后一天。', '2026-12-31')).toBe('今天就是最后一天');
  expect(daysLeft('', '2026-12-31')).toBe('');
});
