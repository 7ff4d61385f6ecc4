// <zaofatong-chat data-server data-history>: an open shadow root that nothing of the host page reaches into.
import { h, render } from 'preact';
import { createChat } from './chat.js';
import { Panel } from './panel.jsx';
import { createStore } from './store.js';
import sheetText from './styles/index.css?inline';
import { createTransport } from './transport.js';

function dress(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(sheetText);
    root.adoptedStyleSheets = [sheet];
  } catch { // browsers before 2023
    const style = document.createElement('style');
    style.textContent = sheetText;
    root.prepend(style);
  }
}

export class ChatElement extends HTMLElement {
  connectedCallback() {
    const server = new URL(this.dataset.server || '', this.dataset.from || location.href).origin;
    const keep = this.dataset.history !== 'none';
    const store = createStore(server, keep);
    this.chat = createChat({
      store, session: createStore(server, keep, 'sessionStorage'), connect: (on) => createTransport({ server, store, on }),
    });
    const root = this.shadowRoot || this.attachShadow({ mode: 'open' });
    dress(root);
    render(<Panel chat={this.chat} store={store} />, root);
    this.chat.resume();
  }

  disconnectedCallback() {
    this.chat.close();
    render(null, this.shadowRoot);
  }
}
