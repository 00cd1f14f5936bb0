import { expect, it } from 'vitest';
import { countryOfPhone, parsePhone, readablePhone } from './phone-numbers.js';

it.each([
  ['+49 1512 3456789', '+4915123456789'],
  ['0049 (1512) 3456-789', '+4915123456789'],
  ['+1 201 555 0123', '+12015550123'],
  ['+44 7400 123456', '+447400123456'],
])('%s is %s', (text, number) => {
  expect(parsePhone(text)).toBe(number);
});

it.each([
  ['', 'nothing'],
  ['0151 23456789', 'a number without its country'],
  ['+49 30 123456', 'a fixed line'],
  ['+49 900 1234567', 'one that somebody pays for'],
  ['+800 1234 5678', 'one of no country that is free'],
  ['+49 1512 345', 'too short a number'],
  ['+49 1512 3456789 ext. 5', 'one with an extension'],
  ['call +49 1512 3456789', 'a text'],
  [`+49${'1'.repeat(100)}`, 'too long a text'],
])('%s is refused: %s', (text) => {
  expect(parsePhone(text)).toBeUndefined();
});

it('a number says its country, also where countries share a prefix', () => {
  expect(['+4915123456789', '+12015550123', '+14165550123', '+88213300655'].map(countryOfPhone)).toEqual(['DE', 'US', 'CA', 'ZZ']);
  expect(readablePhone('+4915123456789')).toBe('+49 1512 3456789');
});
