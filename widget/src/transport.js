// The connection to the channel: session token, outbox with acks, answers. docs: the contract in channels/website.
import { Manager } from 'socket.io-client';
import { createOutbox } from './outbox.js';

const PATH = '/website/socket.io';
const ACK_TIMEOUT = 8000;
const RETRY_SECONDS = 30;
const ANSWER_TIMEOUT = 10000;
const MOST_LOOKS = 3;
const AWAY_AFTER = 3; // attempts; a page that may not connect and a server that is down look alike from here

/** `on`: net(state), session(session), said(envelope), typing(on), report(id, state, error). */
export function createTransport({ server, store, on }) {
  const manager = new Manager(server, {
    path: PATH, transports: ['websocket', 'polling'], tryAllTransports: true, autoConnect: false, reconnectionDelayMax: 15000, timeout: ACK_TIMEOUT,
  });
  const socket = manager.socket('/', { auth: (give) => give({ token: store.get('token') }) });
  const outbox = createOutbox({
    store,
    report(id, state, error) {
      if (state === 'sent') expect(id);
      on.report(id, state, error);
    },
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

  // What a poll brings can be lost unnoticed: the browser itself asks again when the line broke. A new connection brings the history along.
  let awaited = ''; // the message whose answer is to come
  let looks = 0;
  let watch;
  const lookLater = () => {
    clearTimeout(watch);
    if (looks >= MOST_LOOKS) return;
    watch = setTimeout(() => {
      looks += 1;
      if (socket.connected) socket.disconnect().connect();
    }, ANSWER_TIMEOUT);
  };
  const expect = (id) => {
    awaited = id;
    looks = 0;
    clearTimeout(watch);
    if (id) lookLater();
  };
  const came = (envelope) => envelope.reply_to === awaited;

  socket.on('connect', lookLater);
  socket.on('session', (session) => {
    if (!awaited || session.new || session.history?.some(came)) expect('');
    else lookLater();
    failures = 0;
    store.set('token', session.token);
    on.net('online');
    on.session(session);
    outbox.connected(true);
  });
  socket.on('bot_uttered', (envelope) => {
    if (came(envelope)) expect('');
    on.said(envelope);
  });
  socket.on('bot_typing', (typing) => on.typing(typing.on));
  socket.on('disconnect', (reason) => {
    outbox.connected(false);
    on.typing(false);
    if (!wanted || reason === 'io client disconnect') return;
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
      clearTimeout(watch);
      removeEventListener('online', connect);
      socket.disconnect();
    },
  };
}
