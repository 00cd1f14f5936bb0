import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Seal } from './seal.js';

const keys = { 1: randomBytes(32), 2: randomBytes(32) };
const seal = new Seal({ 1: keys[1] });

it('what is sealed opens as what it is, and cannot be read', () => {
  const sealed = seal.seal({ secret: 'token' }, 'session:1');
  expect(seal.open(sealed, 'session:1')).toEqual({ secret: 'token' });
  expect(sealed.toString('latin1')).not.toContain('token');
  expect(seal.seal({ secret: 'token' }, 'session:1').equals(sealed)).toBe(false);
});

it('it opens as nothing else, and not when a bit of it was changed', () => {
  const sealed = seal.seal({ secret: 'token' }, 'session:1');
  expect(seal.open(sealed, 'session:2')).toBeUndefined();
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(seal.open(changed, 'session:1')).toBeUndefined();
  }
  for (const length of [0, 1, 20, 29]) expect(seal.open(sealed.subarray(0, length), 'session:1')).toBeUndefined();
});

it('a new key seals from now on, the old one still opens, and one that is gone does not', () => {
  const old = seal.seal('x', 'a');
  const both = new Seal({ 1: keys[1], 2: keys[2] });
  expect(both.open(old, 'a')).toBe('x');
  expect(seal.open(both.seal('x', 'a'), 'a')).toBeUndefined();
  expect(new Seal({ 2: keys[2] }).open(old, 'a')).toBeUndefined();
});
