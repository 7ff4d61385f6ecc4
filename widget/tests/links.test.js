import { describe, expect, it } from 'vitest';
import { linked, phonesOf, safeAddress, telephone } from '../src/links.js';

const links = (text, phones) => linked(text, phones).filter((part) => typeof part !== 'string').map((part) => part.href);

describe('addresses', () => {
  it('links https and leaves the sign after it', () => {
    expect(linked('看https://www.gov.cn/a?b=1。再说')).toEqual(['看', { href: 'https://www.gov.cn/a?b=1', label: 'https://www.gov.cn/a?b=1', phone: false }, '。再说']);
    expect(links('（https://a.cn/x）')).toEqual(['https://a.cn/x']);
    expect(links('see https://a.cn/x).')).toEqual(['https://a.cn/x']);
  });
  it('links nothing else', () => {
    for (const text of ['http://a.cn', 'javascript:alert(1)', 'data:text/html,x', '//a.cn', 'ftp://a.cn', '<a href="x">y</a>']) expect(links(text)).toEqual([]);
  });
  it('refuses addresses with a user name', () => {
    expect(links('https://www.gov.cn@evil.example/')).toEqual([]);
    expect(safeAddress('https://a:b@c.cn')).toBe('');
    expect(safeAddress('javascript:alert(1)')).toBe('');
    expect(safeAddress('https://a.cn/')).toBe('https://a.cn/');
  });
});

describe('phones', () => {
  it('links the hotlines', () => {
    expect(links('法律上的事打12348，办事打12345。想说说话，打12356；孩子打12355，拿不准打96110。')).toEqual(['tel:12348', 'tel:12345', 'tel:12356', 'tel:12355', 'tel:96110']);
    expect(links('12345工单号')).toEqual(['tel:12345']);
    expect(links('现在就打110，有人受伤打120；被困、落水打119')).toEqual(['tel:110', 'tel:120', 'tel:119']);
    expect(links('快打110、120')).toEqual(['tel:110', 'tel:120']);
  });
  it('takes no figure for a phone', () => {
    for (const text of ['收了110件', '共120个', '办了12345件', '119', '第110号', '3.110', '110.5', 'A110', '2020年110起', '12345.67', '112345', '1234812']) expect(links(text)).toEqual([]);
  });
  it('links other numbers only when a contact block has them', () => {
    expect(links('打13800138000')).toEqual([]);
    expect(links('打0632-3312345问')).toEqual([]);
    const phones = phonesOf([{ type: 'contact', entries: [{ name: '窗口', phone: '0632-3312345', what: '' }, { name: '网站', phone: '', what: '' }] }, { type: 'steps', items: [] }]);
    expect(phones).toEqual(['0632-3312345']);
    expect(links('打0632-3312345问', phones)).toEqual(['tel:06323312345']);
    expect(links('110件里有110', ['110'])).toEqual(['tel:110']);
  });
  it('keeps the text whole', () => {
    const text = '打12348，或看https://a.cn/x，共110件。';
    expect(linked(text).map((part) => part.label || part).join('')).toBe(text);
    expect(telephone('0632-331 2345')).toBe('tel:06323312345');
  });
});
