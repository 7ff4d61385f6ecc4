// Messages wait here until the server has acknowledged them: one at a time, in order, again with the same id. Kept over a reload.
const ACK_RETRY = 2000;
const RATE_RETRY = 10;

/**
 * `emit(item, done)` hands one item to the server; done(error, ack) is called once.
 * `report(id, state, error, text)`: "sent", "wait" or "failed"; `text`: the words as the server keeps them, where it covered something.
 */
export function createOutbox({ store, emit, report }) {
  let busy = '';
  let ready = false;
  let timer;

  const items = () => store.get('outbox') || [];
  const has = (id) => items().some((item) => item.id === id);
  // read again before each write: another tab may have added its own
  const remove = (id) => store.set('outbox', items().filter((item) => item.id !== id));

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(flush, seconds * 1000);
  }

  function flush() {
    const item = items()[0];
    if (!ready || busy || !item) return;
    busy = item.id;
    emit(item, (error, ack) => {
      if (busy !== item.id) return;
      busy = '';
      if (error) {
        later(ACK_RETRY / 1000);
      } else if (!ack || ack.ok) {
        remove(item.id);
        report(item.id, 'sent', undefined, ack?.text);
        flush();
      } else if (ack.error === 'rate') {
        report(item.id, 'wait', 'rate');
        later(ack.retry_after || RATE_RETRY);
      } else {
        remove(item.id);
        report(item.id, 'failed', ack.error);
        flush();
      }
    });
  }

  return {
    has,
    remove,
    flush,
    add(item) {
      if (!has(item.id)) store.set('outbox', [...items(), item]);
      flush();
    },
    clear: () => store.drop('outbox'),
    /** The connection is there, or gone: what was under way is then sent again. */
    connected(yes) {
      ready = yes;
      busy = '';
      clearTimeout(timer);
      flush();
    },
  };
}
