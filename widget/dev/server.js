// Not shipped: a stand-in for the website channel, to look at the widget with. It answers from answers.json (answers of the real assistant),
// keeps conversations in memory, and serves the built file on one port and a host page on another, so that the origins differ.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { pageFor } from './pages.js';

const LIMIT = 500;
const TYPING_MS = Number(process.env.TYPING_MS || 250);
const PORT = Number(process.env.PORT || 9100);
const file = (path) => readFileSync(new URL(path, import.meta.url));
const answers = JSON.parse(file('./answers.json'));
const conversations = new Map();

const FOLLOWING = {
  '/feedback_helpful': '有帮助', '/feedback_unhelpful': '没帮助', '/rate': '打分', '/handover_edit': '改一改', '/resume': '你好', '/human': '转人工',
};
const AFTER = { 算复议: '算复议2', 算复议2: '算复议3', 算复议3: '算复议4', 算复议4: '算复议结果' };

function answerTo(conversation, said) {
  if (said.startsWith('/choose')) return AFTER[conversation.last] || '算复议';
  if (said.startsWith('/check_reconsideration')) return '算复议';
  if (said.startsWith('/rate{')) return '有帮助';
  return FOLLOWING[said] || (answers[said] ? said : '没听懂');
}

function envelope(conversation, id) {
  const name = answerTo(conversation, conversation.said.get(id));
  conversation.last = name;
  const { text, answer } = answers[name];
  return { v: 1, id: `${id}.0`, ts: Date.now(), reply_to: id, text, answer, buttons: answer.buttons };
}

function serve(io) {
  io.on('connection', (socket) => {
    let token = conversations.has(socket.handshake.auth.token) ? socket.handshake.auth.token : '';
    const session = () => {
      const fresh = !token;
      token ||= randomUUID();
      if (fresh) conversations.set(token, { said: new Map(), history: [], last: '' });
      socket.join(token);
      socket.emit('session', { token, expires: Math.floor(Date.now() / 1000) + 86400, new: fresh, history: conversations.get(token).history, limits: { characters: LIMIT } });
    };
    session();
    socket.on('say', (message, ack) => {
      const conversation = conversations.get(token);
      const { id, text, payload, title } = message;
      if (conversation.said.has(id)) return ack({ ok: true, dup: true });
      if (text && [...text].length > LIMIT) return ack({ ok: false, error: 'too_long' });
      if (text === '太快') return ack({ ok: false, error: 'rate', retry_after: 3 });
      if (payload === '/gone') return ack({ ok: false, error: 'not_offered' });
      conversation.said.set(id, payload || text);
      conversation.history.push({ from: 'me', id, ts: Date.now(), text: title || text });
      ack({ ok: true });
      io.to(token).emit('bot_typing', { on: true, reply_to: id });
      setTimeout(() => {
        const reply = envelope(conversation, id);
        conversation.history.push({ from: 'bot', ...reply });
        io.to(token).emit('bot_typing', { on: false, reply_to: id });
        io.to(token).emit('bot_uttered', reply);
        if (reply.answer.effect) conversation.history = [];
      }, text === '慢' ? 20000 : TYPING_MS);
      return undefined;
    });
    socket.on('forget', (_, ack) => {
      conversations.delete(token);
      token = '';
      ack({ ok: true });
      session();
    });
  });
}

export function startServer(port = PORT) {
  const http = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (request.url.startsWith('/widget.js')) response.setHeader('Content-Type', 'text/javascript').end(file('../../channels/static/widget.js'));
    else response.writeHead(404).end();
  }).listen(port);
  const io = new Server(http, { path: '/website/socket.io', cors: { origin: true } });
  serve(io);
  const site = createServer((request, response) => {
    const page = request.url === '/favicon.ico' ? { body: '' } : pageFor(request.url, port);
    response.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', ...page?.headers }).end(page?.body);
  }).listen(port + 1);
  return { io, conversations, close: () => { io.close(); site.close(); } };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  startServer();
  console.log(`http://localhost:${PORT + 1}/ (calm), /hostile, /terminal`);
}
