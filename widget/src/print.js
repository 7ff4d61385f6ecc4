// Prints a list from a hidden frame, built node by node: no markup, no script in it.
import * as WORDS from './words.js';

const SHEET = 'body{font:18px/1.8 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:32px;color:#000}h1{font-size:24px}'
  + 'li{list-style:none;margin:8px 0;padding-left:34px;text-indent:-34px}ul{padding:0}p{margin-top:28px;font-size:15px}';

/** `lines`: [text, ticked] pairs; `place`: an element of the widget. */
export function printList(place, title, lines) {
  const frame = document.createElement('iframe');
  frame.className = 'printed';
  frame.title = WORDS.print;
  place.appendChild(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  const add = (parent, tag, text) => {
    const element = page.createElement(tag);
    element.textContent = text;
    return parent.appendChild(element);
  };
  try {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(SHEET);
    page.adoptedStyleSheets = [sheet];
  } catch { /* printed plain */ }
  page.title = title;
  page.documentElement.lang = 'zh-CN';
  add(page.body, 'h1', title);
  const list = add(page.body, 'ul', '');
  lines.forEach(([text, ticked]) => add(list, 'li', `${ticked ? '☑' : '☐'}  ${text}`));
  add(page.body, 'p', WORDS.printNote);
  view.addEventListener('afterprint', () => setTimeout(() => frame.remove(), 0));
  view.focus();
  view.print();
}
