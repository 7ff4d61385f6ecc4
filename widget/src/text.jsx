// Text as paragraphs, one a line. Links and phone numbers are made by links.js; everything else stays text.
import { Fragment, h } from 'preact';
import { linked } from './links.js';
import { headingOf } from './trim.js';
import * as WORDS from './words.js';

export function Linked({ text, phones }) {
  return (
    <Fragment>
      {linked(text, phones).map((part) => {
        if (typeof part === 'string') return part;
        if (part.phone) return <a href={part.href}>{part.label}</a>;
        return <a href={part.href} target="_blank" rel="noopener noreferrer">{part.label}<span class="unseen">{WORDS.newWindow}</span></a>;
      })}
    </Fragment>
  );
}

export function Text({ text, phones }) {
  return (
    <Fragment>
      {String(text).split('\n').map((line) => {
        if (!line) return <div class="break" />;
        const heading = headingOf(line);
        return heading ? <p class="heading">{heading}</p> : <p><Linked text={line} phones={phones} /></p>;
      })}
    </Fragment>
  );
}
