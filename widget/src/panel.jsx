// The launcher and the panel it opens. Nothing opens by itself.
import { h } from 'preact';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { Composer } from './composer.jsx';
import { useDialog } from './dialog.js';
import { Footer } from './footer.jsx';
import { Header } from './header.jsx';
import { Icon } from './icons.jsx';
import { Messages } from './messages.jsx';
import { keepSettings, readSettings } from './settings.js';
import { useSpeech } from './speech.js';
import * as WORDS from './words.js';

const TOLD_MS = 6000;

/** A short message for everyone: shown for a while, announced politely. */
function useTold() {
  const [told, setTold] = useState('');
  const timer = useRef();
  return [told, (words) => {
    clearTimeout(timer.current);
    setTold(words);
    timer.current = setTimeout(() => setTold(''), TOLD_MS);
  }];
}

export function Panel({ chat, store }) {
  const [, refresh] = useReducer((count) => count + 1, 0);
  const [open, setOpen] = useState(false);
  const [asking, ask] = useState(false);
  const [settings, setSettings] = useState(() => readSettings(store));
  const [told, tell] = useTold();
  const speech = useSpeech();
  const [app, dialog, launcher, heading, log, area] = [useRef(), useRef(), useRef(), useRef(), useRef(), useRef()];
  useLayoutEffect(() => chat.subscribe(refresh), [chat]);
  // In the top layer a filter or transform of the host's body (grey on days of mourning) does not move what is fixed.
  useLayoutEffect(() => app.current.showPopover?.(), []);

  // A finger does not want the keyboard to come up; everyone else goes on writing.
  const byFinger = () => matchMedia('(pointer: coarse)').matches;
  const moved = () => (byFinger() ? log : area).current.focus({ preventScroll: true });
  const hide = () => {
    speech?.stop();
    ask(false);
    chat.watch(false);
    setOpen(false);
  };
  const show = () => {
    chat.watch(true);
    setOpen(true);
  };
  const escape = (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    if (asking) {
      ask(false);
      moved();
    } else {
      hide();
    }
  };
  useDialog(dialog, open, () => (byFinger() ? heading : area).current.focus(), () => launcher.current.focus());

  const { net, unread, limit } = chat.state;
  const problem = { offline: WORDS.offline, away: WORDS.away }[net];
  const clear = () => {
    chat.clear();
    tell(WORDS.cleared);
  };
  const forget = async () => {
    const done = await chat.forget();
    ask(false);
    tell(done ? WORDS.forgotten : WORDS.notForgotten);
    moved();
  };
  return (
    <div class={`app size${settings.size}${settings.contrast ? ' contrast' : ''}`} ref={app} popover="manual" lang="zh-CN">
      <button type="button" class="launcher" ref={launcher} hidden={open} aria-haspopup="dialog" aria-expanded={open} onClick={show}>
        <Icon name="chat" />{WORDS.launcher}
        {unread > 0 && <span class="unread">{WORDS.unread(unread)}</span>}
      </button>
      <dialog class="sheet" ref={dialog} aria-labelledby="title" onKeyDown={escape} onCancel={(event) => {
        event.preventDefault();
        hide();
      }}
      >
        <Header settings={settings} change={(next) => setSettings(keepSettings(store, next))} close={hide} heading={heading} />
        <div role="status">{problem && <p class="trouble">{problem}</p>}</div>
        <Messages chat={chat} size={settings.size} speech={speech} tell={tell} moved={moved} log={log} />
        <div role="status">{told && <p class="told">{told}</p>}</div>
        <Composer limit={limit} area={area} tell={tell} size={settings.size} onSend={(text) => {
          tell('');
          chat.say(text);
        }}
        />
        <Footer asking={asking} ask={ask} onClear={clear} onForget={forget} />
      </dialog>
    </div>
  );
}
