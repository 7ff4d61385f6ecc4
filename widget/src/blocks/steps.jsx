// 怎么做: numbered steps.
import { h } from 'preact';
import { Linked } from '../text.jsx';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';

export function Steps({ block, phones }) {
  return (
    <Card title={WORDS.steps}>
      <ol class="steps">{block.items.map((item) => <li><span><Linked text={item} phones={phones} /></span></li>)}</ol>
    </Card>
  );
}
