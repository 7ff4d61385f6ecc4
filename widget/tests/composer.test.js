import { expect, it } from 'vitest';
import { sends } from '../src/composer.jsx';
import { forEar } from '../src/speech.js';

it('sends on Enter, but not on one that ends an input method or makes a line', () => {
  expect(sends({ key: 'Enter' })).toBe(true);
  expect(sends({ key: 'Enter', shiftKey: true })).toBe(false);
  expect(sends({ key: 'Enter', isComposing: true })).toBe(false);
  expect(sends({ key: 'Enter', keyCode: 229 })).toBe(false);
  expect(sends({ key: 'a' })).toBe(false);
});

it('reads hotlines digit by digit', () => {
  expect(forEar('打12348，共110件')).toBe('打1 2 3 4 8，共110件');
  expect(forEar('2020年16769件')).toBe('2020年16769件');
});
