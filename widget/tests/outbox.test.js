import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutbox } from '../src/outbox.js';
import { createStore } from '../src/store.js';

let wire; let told; let store;
const make = () => createOutbox({ store, report: (id, state, error) => told.push([id, state, error]), emit: (item, done) => wire.push({ item, done }) });
const sentIds = () => wire.map(({ item }) => item.id);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  store = createStore('https://a.cn');
  wire = [];
  told = [];
});
afterEach(() => vi.useRealTimers());

describe('the outbox', () => {
  it('waits for the connection, then sends in order, one at a time', () => {
    const outbox = make();
    outbox.add({ id: 'a', text: 'A' });
    outbox.add({ id: 'b', text: 'B' });
    expect(wire).toEqual([]);
    outbox.connected(true);
    expect(sentIds()).toEqual(['a']);
    wire[0].done(null, { ok: true });
    expect(sentIds()).toEqual(['a', 'b']);
    wire[1].done(null, { ok: true, dup: true });
    expect(told).toEqual([['a', 'sent', undefined], ['b', 'sent', undefined]]);
    expect(outbox.has('a') || outbox.has('b')).toBe(false);
  });
  it('sends again with the same id when no ack came', () => {
    const outbox = make();
    outbox.connected(true);
    outbox.add({ id: 'a', text: 'A' });
    wire[0].done(new Error('timeout'));
    vi.advanceTimersByTime(2000);
    expect(wire.map(({ item }) => item)).toEqual([{ id: 'a', text: 'A' }, { id: 'a', text: 'A' }]);
  });
  it('sends again after a lost connection and takes no late ack of the old one twice', () => {
    const outbox = make();
    outbox.connected(true);
    outbox.add({ id: 'a', text: 'A' });
    outbox.connected(false);
    wire[0].done(new Error('disconnected'));
    vi.advanceTimersByTime(60000);
    expect(wire).toHaveLength(1);
    outbox.connected(true);
    expect(sentIds()).toEqual(['a', 'a']);
    wire[1].done(null, { ok: true });
    wire[0].done(null, { ok: true });
    expect(told).toHaveLength(1);
  });
  it('outlives a reload', () => {
    make().add({ id: 'a', text: 'A' });
    const outbox = make();
    expect(outbox.has('a')).toBe(true);
    outbox.connected(true);
    expect(sentIds()).toEqual(['a']);
  });
  it('keeps what another tab added', () => {
    const [one, other] = [make(), make()];
    one.add({ id: 'a', text: 'A' });
    other.add({ id: 'b', text: 'B' });
    one.connected(true);
    wire[0].done(null, { ok: true });
    expect(store.get('outbox').map((item) => item.id)).toEqual(['b']);
  });
  it('slows down when told to, and reports a refusal', () => {
    const outbox = make();
    outbox.connected(true);
    outbox.add({ id: 'a', text: 'A' });
    wire[0].done(null, { ok: false, error: 'rate', retry_after: 3 });
    expect(told).toEqual([['a', 'wait', 'rate']]);
    vi.advanceTimersByTime(2999);
    expect(wire).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(wire).toHaveLength(2);
    wire[1].done(null, { ok: false, error: 'not_offered' });
    expect(told[1]).toEqual(['a', 'failed', 'not_offered']);
    expect(outbox.has('a')).toBe(false);
  });
  it('passes on the words as the server keeps them', () => {
    const texts = [];
    const outbox = createOutbox({ store, report: (id, state, error, text) => texts.push(text), emit: (item, done) => done(null, { ok: true, text: '电话〔手机号〕' }) });
    outbox.connected(true);
    outbox.add({ id: 'a', text: '电话13800001234' });
    expect(texts).toEqual(['电话〔手机号〕']);
  });
  it('does not add one id twice', () => {
    const outbox = make();
    outbox.add({ id: 'a', text: 'A' });
    outbox.add({ id: 'a', text: 'A' });
    expect(store.get('outbox')).toHaveLength(1);
  });
});
