// What to bring: can be ticked (remembered while the browser tab is open) and printed.
import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon } from '../icons.jsx';
import { printList } from '../print.js';
import { Linked } from '../text.jsx';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';

export function Checklist({ block, id, phones, session }) {
  const [ticked, setTicked] = useState(() => (session.get('checks') || {})[id] || []);
  const place = useRef();
  const has = (index) => ticked.includes(index);
  const flip = (index) => {
    const next = has(index) ? ticked.filter((other) => other !== index) : [...ticked, index];
    session.set('checks', { ...session.get('checks'), [id]: next });
    setTicked(next);
  };
  return (
    <Card title={WORDS.checklist}>
      <ul class="ticks">
        {block.items.map((item, index) => (
          <li>
            <label>
              <input type="checkbox" checked={has(index)} onChange={() => flip(index)} />
              <span><Linked text={item} phones={phones} /></span>
            </label>
          </li>
        ))}
      </ul>
      <div class="row" ref={place}>
        <span class="note">{WORDS.checked(ticked.length, block.items.length)}</span>
        <button type="button" class="quiet" onClick={() => printList(place.current, WORDS.checklist, block.items.map((item, index) => [item, has(index)]))}>
          <Icon name="print" />{WORDS.print}
        </button>
      </div>
    </Card>
  );
}
