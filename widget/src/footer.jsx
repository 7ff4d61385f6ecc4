// Privacy, emptying the screen, and deleting the conversation, which asks first.
import { h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import * as WORDS from './words.js';

function Confirm({ onYes, onNo }) {
  const no = useRef();
  useLayoutEffect(() => no.current.focus(), []);
  return (
    <div class="confirm" role="alertdialog" aria-labelledby="ask">
      <p id="ask">{WORDS.forgetAsk}</p>
      <div class="row">
        <button type="button" class="strong" onClick={onYes}>{WORDS.forgetYes}</button>
        <button type="button" class="plain" ref={no} onClick={onNo}>{WORDS.forgetNo}</button>
      </div>
    </div>
  );
}

export function Footer({ asking, ask, onClear, onForget }) {
  if (asking) return <Confirm onYes={onForget} onNo={() => ask(false)} />;
  return (
    <div class="base">
      <span>{WORDS.privacy}</span>
      <span class="pair">
        <button type="button" class="quiet" onClick={onClear}>{WORDS.clear}</button>
        <button type="button" class="quiet" onClick={() => ask(true)}>{WORDS.forget}</button>
      </span>
    </div>
  );
}
