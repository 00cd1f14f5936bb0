import { expect, it } from 'vitest';
import { cleanName } from './clean-name.js';

it.each([
  ['photo.png', 'photo.png'],
  [' a \u00a0 b .txt ', 'a b .txt'],
  ['e\u0301', '\u00e9'],
  ['.bashrc', '.bashrc'],
  ['👩‍👩‍👧.jpg', '👩‍👩‍👧.jpg'],
  ['x'.repeat(120), 'x'.repeat(120)],
  ['x'.repeat(121), `${'x'.repeat(119)}…`],
  [`${'🙂'.repeat(200)}.jpeg`, `${'🙂'.repeat(114)}….jpeg`],
  [`${'x'.repeat(200)}.${'y'.repeat(20)}`, `${'x'.repeat(119)}…`],
])('%s is %s', (given, name) => {
  expect(cleanName(given)).toEqual({ name });
});

it.each([
  '',
  '.',
  '..',
  ' ',
  'a/b',
  '..\\b',
  'a\0b',
  'a\tb',
  'a\u0085b',
  'a\u202eb',
  'a\u2066b',
  'a\u200fb',
  'a\u2028b',
  'a\ud800',
  'a\ufffdb',
  'a\uffff',
])('%j is refused', (given) => {
  expect(cleanName(given)).toHaveProperty('fault');
});
