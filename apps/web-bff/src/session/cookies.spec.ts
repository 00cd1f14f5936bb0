import { expect, it } from 'vitest';
import { clearSessionCookie, sessionIdOf, setSessionCookie, setSignInCookie, signInCookie } from './cookies.js';

const id = 'a'.repeat(43);
const pair = `__Host-facet-session=${id}`;

it('the session cookie goes to us alone, over TLS, out of reach of scripts and of other sites', () => {
  const attributes = setSessionCookie(id).split('; ');
  expect(attributes).toEqual([pair, 'Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']);
  expect(clearSessionCookie()).toBe('__Host-facet-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0');
});

it('that of a sign-in is the same for some minutes, and comes back from the issuer', () => {
  expect(setSignInCookie(`${signInCookie}x`, 'sealed', 600).split('; ')).toEqual([
    '__Host-facet-sign-in-x=sealed',
    'Path=/',
    'Secure',
    'HttpOnly',
    'SameSite=Lax',
    'Max-Age=600',
  ]);
});

it.each([
  [pair, id],
  [`a=b; ${pair}; c=d`, id],
  [`a=b;${pair};c=d`, id],
  [`x${pair}`, undefined],
  [`x__Host-facet-session=${'b'.repeat(43)}; ${pair}`, id],
  [`a=x${pair}`, undefined],
  [undefined, undefined],
  ['a=b', undefined],
  [`${pair}x`, undefined],
  [`${pair.slice(0, -1)}`, undefined],
  [`${pair.slice(0, -1)}"`, undefined],
  [`__Host-facet-session=${'b'.repeat(43)}; ${pair}`, undefined],
])('of the header %s the id is %s', (header, expected) => {
  expect(sessionIdOf(header)).toBe(expected);
});
