import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepSettings, readSettings } from '../src/settings.js';
import { createStore, merged, recent } from '../src/store.js';

beforeEach(() => localStorage.clear());

describe('the store', () => {
  it('keeps values under the server they belong to', () => {
    createStore('https://a.cn').set('token', 't');
    expect(createStore('https://a.cn').get('token')).toBe('t');
    expect(createStore('https://b.cn').get('token')).toBeNull();
    createStore('https://a.cn').drop('token');
    expect(createStore('https://a.cn').get('token')).toBeNull();
  });
  it('keeps nothing on a shared terminal', () => {
    const store = createStore('https://a.cn', false);
    store.set('token', 't');
    expect(store.get('token')).toBe('t');
    expect(localStorage.length + sessionStorage.length).toBe(0);
    expect(createStore('https://a.cn', false).get('token')).toBeNull();
  });
  it('goes on when the browser refuses', () => {
    const refuse = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => { throw new Error('full'); });
    expect(() => createStore('https://a.cn').set('x', 1)).not.toThrow();
    refuse.mockRestore();
    localStorage.setItem('zaofatong:https://a.cn:x', '{broken');
    expect(createStore('https://a.cn').get('x')).toBeNull();
  });
  it('remembers settings and mends broken ones', () => {
    const store = createStore('https://a.cn');
    expect(readSettings(store)).toEqual({ size: 18, contrast: false });
    keepSettings(store, { size: 30, contrast: true });
    expect(readSettings(store)).toEqual({ size: 30, contrast: true });
    store.set('settings', { size: 99, contrast: 'x' });
    expect(readSettings(store)).toEqual({ size: 18, contrast: false });
  });
});

describe('history', () => {
  const now = 1_000_000_000;
  it('lasts a day and has an end', () => {
    expect(recent([{ id: 'old', at: now - 864e5 }, { id: 'new', at: now - 864e5 + 1 }], now).map((entry) => entry.id)).toEqual(['new']);
    expect(recent(Array.from({ length: 70 }, (_, index) => ({ id: String(index), at: now })), now)).toHaveLength(60);
    expect(recent('broken')).toEqual([]);
    expect(recent([null, {}])).toEqual([]);
  });
  const me = (id, ts = 1) => ({ from: 'me', id, ts, text: id });
  const bot = (id, asked, ts = 1) => ({ from: 'bot', id, ts, reply_to: asked, text: id });
  const ids = (entries) => entries.map((entry) => entry.id);
  it('is taken over whole on a new device', () => {
    const entries = merged([], [me('a'), bot('a.0', 'a')]);
    expect(ids(entries)).toEqual(['a', 'a.0']);
    expect(entries[0].state).toBe('sent');
  });
  it('adds only what is missing, in its place', () => {
    const known = [me('a'), bot('a.0', 'a'), { ...me('b'), state: 'wait' }, { ...me('c'), state: 'wait' }];
    const entries = merged(known, [me('a'), bot('a.0', 'a'), bot('desk-1', ''), me('b'), bot('b.0', 'b')]);
    expect(ids(entries)).toEqual(['a', 'a.0', 'desk-1', 'b', 'b.0', 'c']);
    expect(entries.find((entry) => entry.id === 'b').state).toBe('sent');
    expect(entries.find((entry) => entry.id === 'c').state).toBe('wait');
    expect(ids(merged(entries, [me('a'), bot('a.0', 'a'), bot('desk-1', ''), me('b'), bot('b.0', 'b')]))).toEqual(ids(entries));
  });
  it('shows what was typed as the server keeps it, and a tap by its own title', () => {
    const known = [{ ...me('a'), text: '电话13800001234' }, { ...me('b'), text: '去哪办', payload: '/where' }];
    const entries = merged(known, [{ ...me('a'), text: '电话〔手机号〕' }, { ...me('b'), text: '（点选）' }]);
    expect(entries.map((entry) => entry.text)).toEqual(['电话〔手机号〕', '去哪办']);
  });
  it('does not bring back what was cleared', () => {
    expect(ids(merged([], [me('a', 5), bot('a.0', 'a', 6), me('b', 7)], 6))).toEqual(['b']);
  });
});
