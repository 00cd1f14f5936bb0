import { expect, it } from 'vitest';
import { isOwnOrigin } from './own-origin.js';

it.each([
  ['https://web.test', true],
  [undefined, false],
  ['null', false],
  ['http://web.test', false],
  ['https://web.test:8443', false],
  ['https://web.test.evil.test', false],
  ['https://evil.test', false],
  [['https://web.test', 'https://evil.test'], false],
])('a socket whose page is from %j: %s', (origin, own) => {
  expect(isOwnOrigin({ origin }, 'https://web.test/')).toBe(own);
});
