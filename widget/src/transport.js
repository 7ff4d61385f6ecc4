// The connection to the channel: session token, outbox with acks, answers. docs: the contract in channels/website.
import { Manager } from 'socket.io-client';
import { createOutbox } from './outbox.js';

const PATH = '/website/socket.io';
const ACK_TIMEOUT = 8000;
const RETRY_SECONDS = 30;
const AWAY_AFTER = 3; // attempts; a page that may not connect and a server that is down look alike from here

/** `on`: net(state), session(session), said(envelope), typing(on), report(id, state, error). */
export function createTransport({ server, store, on }) {
  const manager = new Manager(server, {
    path: PATH, transports: ['websocket', 'polling'], tryAllTransports: true, autoConnect: false, reconnectionDelayMax: 15000, timeout: ACK_TIMEOUT,
  });
  const socket = manager.socket('/', { auth: (give) => give({ token: store.get('token') }) });
  const outbox = createOutbox({
    store,
    report: on.report,
    emit: ({ id, text, payload, title }, done) => socket.timeout(ACK_TIMEOUT).emit('say', payload ? { id, payload, title } : { id, text }, done),
  });
  let failures = 0;
  let wanted = false;
  let timer;

  const connect = () => {
    clearTimeout(timer);
    if (wanted && !socket.connected) socket.disconnect().connect();
  };
  const again = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(connect, seconds * 1000);
  };

  socket.on('session', (session) => {
    failures = 0;
    store.set('token', session.token);
    on.net('online');
    on.session(session);
    outbox.connected(true);
  });
  socket.on('bot_uttered', on.said);
  socket.on('bot_typing', (typing) => on.typing(typing.on));
  socket.on('disconnect', (reason) => {
    outbox.connected(false);
    on.typing(false);
    if (!wanted) return;
    on.net('offline');
    if (reason === 'io server disconnect') again(1);
  });
  socket.on('connect_error', (error) => {
    failures += 1;
    on.net(failures >= AWAY_AFTER && navigator.onLine ? 'away' : 'offline');
    if (!socket.active) again(error.data?.retry_after || RETRY_SECONDS);
  });
  addEventListener('online', connect);

  return {
    outbox,
    open() {
      wanted = true;
      connect();
    },
    forget: () => new Promise((resolve) => {
      if (!socket.connected) resolve(false);
      else socket.timeout(ACK_TIMEOUT).emit('forget', {}, (error, ack) => resolve(!error && !!ack?.ok));
    }),
    close() {
      wanted = false;
      clearTimeout(timer);
      removeEventListener('online', connect);
      socket.disconnect();
    },
  };
}
