// A deadline as an .ics file: one all-day event on the last day, with an alarm the morning before.
import * as WORDS from './words.js';

const LINE_BYTES = 74;
const ALARM_BEFORE = '-PT15H'; // before midnight of the last day: nine in the morning of the day before

const escaped = (text) => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, '\\n');
const compact = (date) => date.toISOString().replace(/[-:]|\.\d+/g, '');

/** Fold at 75 bytes without cutting a character (RFC 5545, 3.1). */
export function folded(line) {
  const encoder = new TextEncoder();
  let out = '';
  let bytes = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (bytes + size > LINE_BYTES) {
      out += '\r\n ';
      bytes = 1;
    }
    out += character;
    bytes += size;
  }
  return out;
}

/** `deadline`: the block of the answer, `note`: what else the card says. */
export function calendarText(deadline, note, id, now = new Date()) {
  const day = deadline.last_day.replace(/-/g, '');
  const next = compact(new Date(Date.parse(`${deadline.last_day}T00:00:00Z`) + 864e5)).slice(0, 8);
  const description = [note, WORDS.span(deadline.value, deadline.unit, deadline.starts)].filter(Boolean).join('\n');
  return [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//zaofatong//widget//ZH', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH',
    'BEGIN:VEVENT', `UID:${id}@zaofatong`, `DTSTAMP:${compact(now)}`,
    `DTSTART;VALUE=DATE:${day}`, `DTEND;VALUE=DATE:${next}`, `SUMMARY:${escaped(WORDS.event(deadline.what))}`,
    `DESCRIPTION:${escaped(description)}`, 'TRANSP:TRANSPARENT',
    'BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:${ALARM_BEFORE}`, `DESCRIPTION:${escaped(WORDS.alarm(deadline.what))}`, 'END:VALARM',
    'END:VEVENT', 'END:VCALENDAR', '',
  ].map(folded).join('\r\n');
}

export function download(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/calendar;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 6e4);
}
