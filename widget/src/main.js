// The script tag: defines the element and puts one on the page, with what the tag says.
import { ChatElement } from './element.jsx';

const NAME = 'zaofatong-chat';
const script = document.currentScript;

function start() {
  if (!customElements.get(NAME)) customElements.define(NAME, ChatElement);
  if (document.querySelector(NAME)) return;
  const element = document.createElement(NAME);
  Object.assign(element.dataset, script?.dataset, script ? { from: script.src } : {});
  document.body.append(element);
}

if (document.body) start();
else addEventListener('DOMContentLoaded', start);
