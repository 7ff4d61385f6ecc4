// Where an answer comes from: one card for each law or report. More than two sources are folded away under 出处.
import { h } from 'preact';
import { chineseDay } from '../trim.js';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';

const SHOWN_OPEN = 2;

/** One group a title: its places in order, each once, with the phrases quoted from there. */
export function grouped(citations) {
  const groups = new Map();
  for (const citation of citations) {
    const group = groups.get(citation.title) || { ...citation, places: new Map() };
    const phrases = group.places.get(citation.where) || new Set();
    if (citation.phrase) phrases.add(citation.phrase);
    group.places.set(citation.where, phrases);
    groups.set(citation.title, group);
  }
  return [...groups.values()].map((group) => ({ ...group, places: [...group.places].map(([where, phrases]) => ({ where, phrases: [...phrases] })) }));
}

function Source({ group, changed }) {
  const notes = [group.in_force_from && WORDS.inForce(chineseDay(group.in_force_from)), changed && WORDS.maybeChanged].filter(Boolean);
  const quoting = group.places.some((place) => place.phrases.length);
  return (
    <div class="source">
      <p><b>《{group.title}》</b></p>
      {quoting
        ? <ul>{group.places.map((place) => <li>{place.where}{place.phrases.map((phrase) => <q>{phrase}</q>)}</li>)}</ul>
        : <p>{group.places.map((place) => place.where).join('、')}</p>}
      {notes.length > 0 && <p class="note">{notes.join('，')}</p>}
    </div>
  );
}

export function Citations({ citations, changed }) {
  if (!citations?.length) return null;
  const cards = grouped(citations).map((group) => <Source group={group} changed={changed.includes(group.title)} />);
  if (citations.length <= SHOWN_OPEN) return <Card title={WORDS.source} kind="sources">{cards}</Card>;
  return (
    <details class="part sources">
      <summary>{WORDS.sources(citations.length)}</summary>
      {cards}
    </details>
  );
}
