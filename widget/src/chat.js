// The conversation as the panel shows it: entries, what is under way, and what a person can do. Knows no DOM.
import { merged, recent } from './store.js';
import * as WORDS from './words.js';

const HELPFUL_REPLY = 'conversation#feedback_helpful';
const HELPFUL = '/feedback_helpful';
const UNHELPFUL = '/feedback_unhelpful';
export const WELCOME = 'welcome';
const RATED = ['answered', 'routed'];

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Entries worth a bubble: a mark 有帮助 and the thanks for it show as 已记下 under the answer instead. */
export function visible(entries) {
  const marks = new Set(entries.filter((entry) => entry.answer?.record?.startsWith(HELPFUL_REPLY)).flatMap((entry) => [entry.id, entry.reply_to]));
  return entries.filter((entry) => !entry.quiet && !marks.has(entry.id));
}

/** The answer a mark would be about: the server counts it for the latest one that is no small talk. */
export function markable(entries) {
  const latest = entries.filter((entry) => entry.answer && entry.answer.status !== 'smalltalk' && !entry.answer.record?.startsWith('conversation#rate')).pop();
  return latest && !latest.old && RATED.includes(latest.answer.status) ? latest.id : '';
}

/** `connect(on)` makes the transport. `fresh` holds the ids of answers that came just now and are announced. */
export function createChat({ store, session, connect }) {
  const listeners = new Set();
  const fresh = new Set();
  let cut = store.get('cut') || 0;
  let first = true;
  const state = { entries: recent(store.get('entries')), net: 'idle', typing: false, unread: 0, watching: false, limit: 500 };

  function changed(part = {}) {
    Object.assign(state, part);
    listeners.forEach((listener) => listener());
  }
  function keep(entries, part) {
    store.set('entries', recent(entries));
    changed({ ...part, entries });
  }
  const patch = (id, part) => keep(state.entries.map((entry) => (entry.id === id ? { ...entry, ...part } : entry)));

  const on = {
    net: (net) => changed({ net }),
    typing: (typing) => changed({ typing }),
    report: (id, progress, error = '', text = '') => patch(id, { state: progress, error, ...(text ? { text } : {}) }),
    session({ history = [], limits, new: isNew }) {
      const waiting = state.entries.some((entry) => entry.from === 'me' && entry.state === 'sent');
      const before = new Set(state.entries.map((entry) => entry.id));
      let entries = isNew ? state.entries.map((entry) => (transport.outbox.has(entry.id) ? entry : { ...entry, old: true })) : state.entries;
      entries = merged(entries, history, cut);
      history.forEach((entry) => {
        transport.outbox.remove(entry.id);
        if (entry.from === 'bot' && !before.has(entry.id) && (!first || waiting)) fresh.add(entry.id);
      });
      first = false;
      keep(entries, limits?.characters ? { limit: limits.characters } : {});
    },
    said(envelope) {
      if (state.entries.some((entry) => entry.id === envelope.id)) return;
      const entry = { ...envelope, from: 'bot', at: Date.now() };
      fresh.add(entry.id);
      const deleted = entry.answer?.effect === 'delete_conversation';
      if (deleted) wipe();
      keep(deleted ? [entry] : [...state.entries, entry], { typing: false, unread: state.watching ? 0 : state.unread + 1 });
    },
  };
  const transport = connect(on);
  state.entries = state.entries.map((entry) => (entry.state === 'wait' && !transport.outbox.has(entry.id) ? { ...entry, state: 'failed' } : entry));

  function wipe() {
    transport.outbox.clear();
    session.drop('checks');
    store.drop('cut');
    cut = 0;
  }
  function send(item, extra) {
    const now = Date.now();
    keep([...state.entries, { from: 'me', id: item.id, ts: now, at: now, text: item.text || item.title, payload: item.payload, state: 'wait', ...extra }]);
    transport.outbox.add(item);
    transport.open();
  }

  return {
    state,
    fresh,
    session,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Whether an answer is still the latest: a second tap on its buttons then does nothing. */
    isLast(id) {
      const shown = visible(state.entries);
      return (shown.length ? shown[shown.length - 1].id : WELCOME) === id;
    },
    /** The panel is open, or closed again. */
    watch(watching) {
      if (watching) transport.open();
      changed({ watching, unread: watching ? 0 : state.unread });
    },
    /** Messages that did not go out before the page was left go out now. */
    resume() {
      if ((store.get('outbox') || []).length) transport.open();
    },
    say: (text) => send({ id: newId(), text }),
    tap: ({ title, payload }) => send({ id: newId(), payload, title }),
    mark(id, helpful) {
      if (state.entries.some((entry) => entry.id === id && entry.marked)) return;
      patch(id, { marked: true });
      send({ id: newId(), payload: helpful ? HELPFUL : UNHELPFUL, title: helpful ? WORDS.helpful : WORDS.unhelpful }, { quiet: helpful });
    },
    /** Send once more. What still waits keeps its id; what the server refused becomes a new message, an expired button its words. */
    again(id) {
      if (!transport.outbox.has(id)) {
        const entry = state.entries.find((candidate) => candidate.id === id);
        keep(state.entries.filter((candidate) => candidate.id !== id));
        send(entry.payload && entry.error !== 'not_offered' ? { id: newId(), payload: entry.payload, title: entry.text } : { id: newId(), text: entry.text });
      } else {
        transport.outbox.flush();
        transport.open();
      }
    },
    /** Empty this screen; the server keeps the conversation. */
    clear() {
      cut = Math.max(cut, ...state.entries.filter((entry) => entry.state !== 'wait').map((entry) => entry.ts));
      store.set('cut', cut);
      session.drop('checks');
      keep(state.entries.filter((entry) => entry.state === 'wait'));
    },
    /** Delete the conversation here and on the server. False when the server could not be reached: then nothing is deleted. */
    async forget() {
      const done = await transport.forget();
      if (done) {
        wipe();
        keep([]);
      }
      return done;
    },
    close: () => transport.close(),
  };
}
