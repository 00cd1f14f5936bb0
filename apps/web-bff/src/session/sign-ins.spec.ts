import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { signInCookiesOf } from './cookies.js';
import { Seal } from './seal.js';
import { SignIns } from './sign-ins.js';

let now = 1_000_000;
const signIns = new SignIns(new Seal({ 1: randomBytes(32) }), () => now);
const signIn = { verifier: 'v', nonce: 'n', target: 'https://web.test/' };
const cookieOf = (state: string) => signIns.begin(state, signIn, undefined)[0]!.split(';')[0]!;
const nameOf = (cookie: string) => cookie.slice(0, cookie.indexOf('='));

it('a sign-in is found by its state, in the browser that began it', () => {
  expect(signIns.find('one', cookieOf('one'))).toMatchObject(signIn);
  expect(signIns.find('one', undefined)).toBeUndefined();
  expect(signIns.find('two', cookieOf('one'))).toBeUndefined();
});

it('what is sealed for one state opens for no other, wherever it is put', () => {
  const [one, two] = [cookieOf('one'), cookieOf('two')];
  const moved = `${nameOf(two)}=${signInCookiesOf(one).get(nameOf(one))}`;
  expect(signIns.find('two', moved)).toBeUndefined();
});

it('it is over after ten minutes, however long the browser keeps it', () => {
  const cookie = cookieOf('one');
  now += 599_999;
  expect(signIns.find('one', cookie)).toBeDefined();
  now += 1;
  expect(signIns.find('one', cookie)).toBeUndefined();
});
