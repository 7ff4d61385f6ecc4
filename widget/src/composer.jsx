// Where a question is written. Enter sends, Shift+Enter makes a line; an Enter that only ends a Chinese input does neither.
import { h } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import * as WORDS from './words.js';

const COUNT_FROM = 400;
const TALLEST = 160;
const INPUT_METHOD = 229;

export function sends(event) {
  return event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== INPUT_METHOD;
}

export function Composer({ limit, area, onSend, tell, size }) {
  const [draft, setDraft] = useState('');
  const used = [...draft.trim()].length;
  useLayoutEffect(() => {
    const { style, scrollHeight } = area.current;
    style.height = 'auto';
    style.height = `${Math.min(area.current.scrollHeight || scrollHeight, TALLEST) + 4}px`;
  }, [draft, size]);
  const submit = () => {
    if (used > limit) {
      tell(WORDS.tooLong(used, limit));
    } else if (used) {
      onSend(draft.trim());
      setDraft('');
    }
  };
  return (
    <form class="composer" onSubmit={(event) => {
      event.preventDefault();
      submit();
      area.current.focus();
    }}
    >
      <div class="field">
        <textarea ref={area} rows="1" value={draft} aria-label={WORDS.question} placeholder={WORDS.placeholder} enterkeyhint="send" autocomplete="off"
          onInput={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (!sends(event)) return;
            event.preventDefault();
            submit();
          }}
        />
        {used >= COUNT_FROM && <span class={used > limit ? 'counter over' : 'counter'}>{WORDS.counter(used, limit)}</span>}
      </div>
      <button type="submit" class="strong" aria-disabled={!used}>{WORDS.send}</button>
    </form>
  );
}
