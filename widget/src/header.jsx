// Title, close, size of type and contrast.
import { h } from 'preact';
import { Icon } from './icons.jsx';
import { SIZES } from './settings.js';
import * as WORDS from './words.js';

export function Header({ settings, change, close, heading }) {
  return (
    <div class="head">
      <div class="bar">
        <h2 id="title" ref={heading} tabindex="-1">{WORDS.title}<span>{WORDS.subtitle}</span></h2>
        <button type="button" onClick={close}><Icon name="close" />{WORDS.close}</button>
      </div>
      <div class="settings">
        <div role="group" aria-label={WORDS.sizes}>
          <span aria-hidden="true">{WORDS.sizes}</span>
          {SIZES.map((size) => (
            <button type="button" aria-pressed={settings.size === size} onClick={() => change({ ...settings, size })}>{WORDS.sizeNames[size]}</button>
          ))}
        </div>
        <button type="button" aria-pressed={settings.contrast} onClick={() => change({ ...settings, contrast: !settings.contrast })}>{WORDS.contrast}</button>
      </div>
    </div>
  );
}
