import { expect, it } from 'vitest';
import { faultOfPassword } from './password-rules.js';

const known = ['zoe.winterbottom@example.org', 'zoewinter', 'Zoe Winterbottom'];

it.each([
  ['facet-demo', 'easy to guess'],
  ['password1234', 'easy to guess'],
  ['qwertyuiop', 'easy to guess'],
  ['winterbottom1', 'easy to guess'],
  ['zoewinter2024', 'easy to guess'],
  ['kX9#', 'too short'],
  ['x'.repeat(300), 'too long'],
])('%s is refused', (password, fault) => {
  expect(faultOfPassword(password, known)).toBe(fault);
});

it.each(['correct horse battery staple', 'Tr4ctor-Umbrella-Lake', 'ein Regenschirm im Heuhaufen'])('%s is taken', (password) => {
  expect(faultOfPassword(password, known)).toBeUndefined();
});
