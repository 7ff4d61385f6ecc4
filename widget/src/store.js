// What is kept on the device: a day of conversation, the token, the outbox, settings. With data-history="none" nothing outlives the page.
const DAY = 864e5;
const MOST_ENTRIES = 60;

function memory() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
}

function usable(name) {
  try {
    return window[name] || memory();
  } catch { // blocked by the browser's settings
    return memory();
  }
}

/** get, set and drop of JSON values under a prefix; never throws. */
export function createStore(server, keep = true, area = 'localStorage') {
  const storage = keep ? usable(area) : memory();
  const name = (key) => `zaofatong:${server}:${key}`;
  return {
    get(key) {
      try {
        return JSON.parse(storage.getItem(name(key)));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        storage.setItem(name(key), JSON.stringify(value));
      } catch { /* full or forbidden: the page goes on without */ }
    },
    drop(key) {
      try {
        storage.removeItem(name(key));
      } catch { /* as above */ }
    },
  };
}

/** The entries of the last 24 hours, at most 60. */
export function recent(entries, now = Date.now()) {
  return (Array.isArray(entries) ? entries : []).filter((entry) => entry && entry.id && now - entry.at < DAY).slice(-MOST_ENTRIES);
}

/** Known entries with those of the server's history that are missing, each after the one it followed. `cut`: cleared up to this time. */
export function merged(known, history, cut = 0) {
  const list = known.slice();
  let place = 0;
  for (const entry of history) {
    if (entry.ts <= cut) continue;
    const found = list.findIndex((candidate) => candidate.id === entry.id);
    if (found >= 0) {
      // what was typed is shown as the server keeps it: personal data are covered there
      if (entry.from === 'me') list[found] = { ...list[found], state: 'sent', ...(list[found].payload ? {} : { text: entry.text }) };
      place = found + 1;
      continue;
    }
    const asked = entry.reply_to ? list.findIndex((candidate) => candidate.id === entry.reply_to) : -1;
    place = Math.max(place, asked + 1);
    list.splice(place, 0, { ...entry, at: entry.ts, ...(entry.from === 'me' ? { state: 'sent' } : {}) });
    place += 1;
  }
  return list;
}
