// Small line drawings, 24 units square, in the colour of the text around them.
import { h } from 'preact';

const PATHS = {
  chat: 'M4 4h16v12H10l-5 4v-4H4z',
  close: 'M6 6l12 12M18 6L6 18',
  phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  speak: 'M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11',
  stop: 'M7 7h10v10H7z',
  thumb: 'M7 11l4-8c2 0 2.5 1.5 2 3l-1 4h6.5a1.5 1.5 0 0 1 1.5 2l-2 7a1.5 1.5 0 0 1-1.5 1H7zM7 11H3v9h4',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5',
  print: 'M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z',
  copy: 'M9 9h11v11H9zM6 15H4V4h11v2',
};

export function Icon({ name, turned }) {
  return (
    <svg class={turned ? 'icon turned' : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
