import { beforeEach, describe, expect, it } from 'vitest';
import { createChat, markable, visible } from '../src/chat.js';
import { createStore } from '../src/store.js';

let on; let outbox; let forgets; let opened;
const store = () => createStore('https://a.cn');
const make = () => createChat({
  store: store(),
  session: createStore('https://a.cn', true, 'sessionStorage'),
  connect: (given) => {
    on = given;
    outbox = { items: [], has: (id) => outbox.items.some((item) => item.id === id), add: (item) => outbox.items.push(item), remove: (id) => { outbox.items = outbox.items.filter((item) => item.id !== id); }, clear: () => { outbox.items = []; }, flush() {} };
    return { outbox, open: () => { opened += 1; }, close() {}, forget: async () => forgets };
  },
});
const reply = (id, asked, answer = { status: 'answered', record: 'law/x#y' }) => ({ v: 1, id, ts: Date.now(), reply_to: asked, text: id, answer, buttons: [] });
const ids = (chat) => chat.state.entries.map((entry) => entry.id);

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  opened = 0;
  forgets = true;
});

describe('answers', () => {
  it('are shown once, however often they come', () => {
    const chat = make();
    chat.say('问');
    const { id } = outbox.items[0];
    on.said(reply(`${id}.0`, id));
    on.said(reply(`${id}.0`, id));
    on.session({ history: [{ from: 'me', id, ts: 1, text: '问' }, { from: 'bot', ...reply(`${id}.0`, id) }] });
    expect(ids(chat)).toEqual([id, `${id}.0`]);
    expect(outbox.items).toEqual([]);
  });
  it('are announced when they come now, not when they were there before', () => {
    const chat = make();
    on.session({ history: [{ from: 'bot', ...reply('a.0', 'a') }] });
    expect(chat.fresh.has('a.0')).toBe(false);
    on.said(reply('b.0', 'b'));
    on.session({ history: [{ from: 'bot', ...reply('c.0', 'c') }] });
    expect([...chat.fresh]).toEqual(['b.0', 'c.0']);
  });
  it('count as unread while the panel is closed', () => {
    const chat = make();
    on.said(reply('a.0', 'a'));
    expect(chat.state.unread).toBe(1);
    chat.watch(true);
    expect(chat.state.unread).toBe(0);
    on.said(reply('b.0', 'b'));
    expect(chat.state.unread).toBe(0);
  });
  it('outlive a reload for a day', () => {
    make().say('问');
    on.said(reply('a.0', 'a'));
    expect(ids(make())).toHaveLength(2);
  });
});

describe('personal data', () => {
  it('are not kept on the device once the server has covered them', () => {
    const chat = make();
    chat.say('电话13800001234');
    on.report(outbox.items[0].id, 'sent', undefined, '电话〔手机号〕');
    expect(chat.state.entries[0].text).toBe('电话〔手机号〕');
    expect(JSON.stringify(store().get('entries'))).toContain('〔手机号〕');
    expect(JSON.stringify(store().get('entries'))).not.toContain('13800001234');
  });
});

describe('clearing and deleting', () => {
  it('shows only the reply when the server deleted the conversation', () => {
    const chat = make();
    chat.say('删除我的对话');
    on.said(reply('d.0', 'd', { status: 'smalltalk', record: 'conversation#deleted', effect: 'delete_conversation' }));
    expect(ids(chat)).toEqual(['d.0']);
    expect(outbox.items).toEqual([]);
    expect(ids(make())).toEqual(['d.0']);
  });
  it('forgets here only when the server did', async () => {
    const chat = make();
    on.said(reply('a.0', 'a'));
    forgets = false;
    expect(await chat.forget()).toBe(false);
    expect(ids(chat)).toEqual(['a.0']);
    forgets = true;
    expect(await chat.forget()).toBe(true);
    expect(ids(chat)).toEqual([]);
  });
  it('does not let history bring back a cleared screen', () => {
    const chat = make();
    const old = reply('a.0', 'a');
    on.said(old);
    chat.clear();
    on.session({ history: [{ from: 'bot', ...old }] });
    expect(ids(chat)).toEqual([]);
    on.session({ history: [{ from: 'bot', ...old }, { from: 'bot', ...reply('b.0', 'b'), ts: old.ts + 1 }] });
    expect(ids(chat)).toEqual(['b.0']);
  });
  it('takes the buttons from a conversation the server no longer has', () => {
    const chat = make();
    on.said(reply('a.0', 'a'));
    chat.say('还没发');
    on.session({ new: true, history: [], limits: { characters: 300 } });
    expect(chat.state.entries.map((entry) => !!entry.old)).toEqual([true, false]);
    expect(chat.state.limit).toBe(300);
  });
});

describe('sending', () => {
  it('makes a tap of a button and shows its title', () => {
    const chat = make();
    chat.tap({ title: '继续问', payload: '/resume' });
    expect(outbox.items[0]).toMatchObject({ payload: '/resume', title: '继续问' });
    expect(chat.state.entries[0]).toMatchObject({ from: 'me', text: '继续问', state: 'wait' });
    expect(outbox.items[0].id).toMatch(/^[A-Za-z0-9-]{1,64}$/);
    expect(opened).toBe(1);
  });
  it('turns an expired button into its words', () => {
    const chat = make();
    chat.tap({ title: '怎么申请复议', payload: '/x' });
    const { id } = outbox.items[0];
    outbox.remove(id);
    on.report(id, 'failed', 'not_offered');
    chat.again(id);
    expect(outbox.items[0]).toMatchObject({ text: '怎么申请复议' });
    expect(outbox.items[0].payload).toBeUndefined();
    expect(chat.state.entries).toHaveLength(1);
  });
  it('takes a second tap for none, and says what was never sent', () => {
    const chat = make();
    expect(chat.isLast('welcome')).toBe(true);
    on.said(reply('a.0', 'a'));
    expect(chat.isLast('a.0')).toBe(true);
    chat.tap({ title: '继续问', payload: '/resume' });
    expect(chat.isLast('a.0')).toBe(false);
    expect(make().state.entries[1].state).toBe('failed');
  });
  it('connects at once when something was left unsent', () => {
    make().resume();
    expect(opened).toBe(0);
    store().set('outbox', [{ id: 'a', text: 'A' }]);
    make().resume();
    expect(opened).toBe(1);
  });
});

describe('marks', () => {
  it('belong to the latest answer that is no small talk', () => {
    const entries = [reply('a', ''), reply('b', '', { status: 'routed' }), reply('c', '', { status: 'smalltalk' }), reply('d', '', { status: 'clarify', record: 'conversation#rate' })];
    expect(markable(entries)).toBe('b');
    expect(markable([reply('a', ''), reply('e', '', { status: 'not_covered' })])).toBe('');
    expect(markable([])).toBe('');
  });
  it('are kept once, and a good one makes no bubble, also from history', () => {
    const chat = make();
    on.said(reply('a.0', 'a'));
    chat.mark('a.0', true);
    const { id } = outbox.items[0];
    expect(chat.state.entries[0].marked).toBe(true);
    on.said(reply(`${id}.0`, id, { status: 'smalltalk', record: 'conversation#feedback_helpful' }));
    expect(visible(chat.state.entries).map((entry) => entry.id)).toEqual(['a.0']);
    const history = [{ id: 'm', from: 'me', text: '有帮助' }, { from: 'bot', ...reply('m.0', 'm', { record: 'conversation#feedback_helpful' }) }];
    expect(visible(history)).toEqual([]);
  });
});
