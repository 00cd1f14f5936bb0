import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiate.js';

const modern = 'application/graphql-response+json';
const legacy = 'application/json';

describe('negotiate', () => {
  it.each([
    [undefined, modern],
    ['*/*', modern],
    ['application/*', modern],
    [modern, modern],
    [legacy, legacy],
    ['application/json; charset=utf-8', legacy],
    [`${modern}, ${legacy};q=0.9`, modern],
    [`${modern};q=0.5, ${legacy}`, legacy],
    [`${legacy}, ${modern}`, modern],
    ['application/json, text/plain, */*', legacy],
    [`${modern};q=0, */*`, legacy],
    ['text/html, */*;q=0.1', modern],
  ])('answers %s with %s', (accept, expected) => {
    expect(negotiate(accept)).toBe(expected);
  });

  it.each(['text/html', 'application/xml', `${modern};q=0`, 'application/json; charset=latin1', '', 'application/json;q=nonsense'])(
    'has nothing for %s',
    (accept) => {
      expect(negotiate(accept)).toBeUndefined();
    },
  );
});
