// The summary for people: can be changed and copied; it is sent with the buttons the server offered, nothing else.
import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon } from '../icons.jsx';
import { Text } from '../text.jsx';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';

export const SEND = '/handover_send';
export const EDIT = '/handover_edit';
const LONGEST = 300;

async function copy(area) {
  try {
    await navigator.clipboard.writeText(area.value);
    return true;
  } catch { // no permission, or the page is not served over https
    area.select();
    return document.execCommand('copy');
  }
}

/** `buttons`: those of the answer while it is the latest, else none. */
export function Handover({ block, after, buttons, chat, isLast, tell, moved }) {
  const [text, setText] = useState(block.summary);
  const area = useRef();
  const send = buttons.find((button) => button.payload === SEND);
  const edit = buttons.find((button) => button.payload === EDIT);
  const same = text.trim() === block.summary.trim();
  const usable = same ? send : edit && text.trim();
  const submit = () => {
    if (!isLast()) return;
    if (same) {
      chat.tap(send);
    } else {
      chat.tap(edit);
      chat.say(text.trim());
    }
    moved();
  };
  return (
    <Card title={WORDS.handover} kind="handover">
      <textarea ref={area} rows="5" maxlength={LONGEST} readOnly={!block.editable || !buttons.length} aria-label={WORDS.handover}
        value={text} onInput={(event) => setText(event.target.value)} />
      <p class="note">{WORDS.handoverHint}</p>
      {after && <Text text={after} />}
      <div class="row">
        <button type="button" class="plain" onClick={async () => tell((await copy(area.current)) ? WORDS.copied : WORDS.notCopied)}>
          <Icon name="copy" />{WORDS.copy}
        </button>
        {usable && <button type="button" class="strong" onClick={submit}>{same ? send.title : WORDS.sendEdited}</button>}
      </div>
    </Card>
  );
}
