// Cuts a text into plain strings and links. Only https addresses and known phone numbers become links; nothing else ever does.
export const HOTLINES = ['12348', '12345', '110', '120', '119', '12355', '12356', '96110'];

const CANDIDATE = /https:\/\/[^\s<>"'，。；：！？、（）【】《》“”「」]+|\d[\d-]*\d/g;
const COUNTED = /^[件个项篇元万亿％%天日年月次起名户条亩岁倍余位页]/;
const SAID_TO_CALL = /[打拨叫]$/;
const LISTED_WITH = /[、或和跟，]$/;

/** The address when it is one that may be opened, else "". */
export function safeAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' && !url.username && !url.password ? url.href : '';
  } catch {
    return '';
  }
}

/** The phone numbers of the contact blocks of an answer. */
export function phonesOf(blocks = []) {
  return blocks.filter((block) => block.type === 'contact').flatMap((block) => block.entries || []).map((entry) => entry.phone).filter(Boolean);
}

export function telephone(phone) {
  return `tel:${String(phone).replace(/[^\d]/g, '')}`;
}

/** Strings and {href, label, phone} in order. `phones`: numbers allowed beside the hotlines. */
export function linked(text, phones = []) {
  const parts = [];
  let done = 0;
  let lastPhoneEnd = -2;
  for (const match of text.matchAll(CANDIDATE)) {
    const start = match.index;
    let label = match[0];
    let href = '';
    if (label.startsWith('https:')) {
      label = label.replace(/[.,;:!?)\]]+$/, '');
      href = safeAddress(label);
    } else if (isPhone(text, start, label, phones, lastPhoneEnd)) {
      href = telephone(label);
      lastPhoneEnd = start + label.length;
    }
    if (!href) continue;
    if (start > done) parts.push(text.slice(done, start));
    parts.push({ href, label, phone: href.startsWith('tel:') });
    done = start + label.length;
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}

// 110 may be a count (110件): a short number must be called (打110), listed after one that is (打110、120), or stand in a contact block.
function isPhone(text, start, number, phones, lastPhoneEnd) {
  const before = text.slice(0, start);
  const after = text.slice(start + number.length);
  if (/[\d.A-Za-z]$/.test(before) || /^(\.\d|[A-Za-z])/.test(after)) return false;
  if (!HOTLINES.includes(number) && !phones.includes(number)) return false;
  if (SAID_TO_CALL.test(before)) return true;
  if (COUNTED.test(after)) return false;
  return number.length > 3 || phones.includes(number) || (LISTED_WITH.test(before) && lastPhoneEnd === start - 1);
}
