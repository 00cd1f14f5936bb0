import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ownAddress } from './own-path.js';

const site = 'https://web.test';

it.each([
  ['/', `${site}/`],
  ['/rooms/1?tab=2#last', `${site}/rooms/1?tab=2#last`],
  ['/caf%C3%A9', `${site}/caf%C3%A9`],
  ['/a/../b', `${site}/b`],
  ['/%2f%2fevil.test', `${site}/%2f%2fevil.test`],
])('%s is a path of ours', (path, address) => {
  expect(ownAddress(path, site)).toBe(address);
});

it.each([
  '',
  'rooms',
  '//evil.test',
  '///evil.test',
  '/\\evil.test',
  '\\\\evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  ' //evil.test',
  '/ /evil.test',
  '/..//evil.test',
  '/.//evil.test',
  'https://evil.test/',
  'https:evil.test',
  'javascript:alert(1)',
  '@evil.test',
  '/bff/login?returnTo=/',
  '/BFF/logout',
  '/rooms/../bff/logout',
  '/dev/session',
  `/${'a'.repeat(2_000)}`,
])('%j is not', (path) => {
  expect(ownAddress(path, site)).toBeUndefined();
});

it('whatever is accepted leads to our own origin, as a browser reads it', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '//',
    ':',
    '@',
    '?',
    '#',
    '%2f',
    '%5c',
    '\t',
    '\n',
    ' ',
    'evil.test',
    'https:',
    'a',
    '\u2028',
    '\u0000',
    '。',
  );
  const path = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`),
    fc.string({ unit: 'binary' }).map((text) => `/${text}`),
  );
  fc.assert(
    fc.property(path, (text) => {
      const address = ownAddress(text, site);
      if (address === undefined) return;
      const url = new URL(address);
      expect([url.origin, url.username, url.pathname.startsWith('//')]).toEqual([site, '', false]);
      // A browser resolves what stands in the page against the page, once more.
      expect(new URL(address, `${site}/bff/callback`).href).toBe(address);
    }),
    { numRuns: 2_000 },
  );
});
