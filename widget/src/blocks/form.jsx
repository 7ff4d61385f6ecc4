// A question of a guided check: how far along, the question, why it is asked.
import { h } from 'preact';
import { Text } from '../text.jsx';
import * as WORDS from '../words.js';

export function Form({ block, after }) {
  const marks = Array.from({ length: block.of }, (_, index) => <i class={index < block.step ? 'done' : ''} />);
  return (
    <section class="part form">
      <p class="step">{WORDS.step(block.step, block.of)}</p>
      <div class="progress" aria-hidden="true">{marks}</div>
      <h3>{block.question}</h3>
      {block.why && <p class="note">{WORDS.why(block.why)}</p>}
      {after && <div class="note after"><Text text={after} /></div>}
    </section>
  );
}
