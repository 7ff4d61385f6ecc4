// Whom to call: one big button for each phone.
import { h } from 'preact';
import { Icon } from '../icons.jsx';
import { telephone } from '../links.js';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';

export function Contact({ block }) {
  return (
    <Card title={WORDS.contact} kind="contact">
      <ul class="phones">
        {block.entries.map((entry) => (
          <li>
            <span><b>{entry.name}</b><span class="note">{entry.what}</span></span>
            {entry.phone && <a class="call" href={telephone(entry.phone)} aria-label={WORDS.call(entry.phone)}><Icon name="phone" />{entry.phone}</a>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
