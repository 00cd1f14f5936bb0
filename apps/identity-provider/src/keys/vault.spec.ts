import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derivedKey, Vault } from './vault.js';

const [first, second] = [randomBytes(32), randomBytes(32)];

describe('what the vault sealed', () => {
  it('opens again, also after a newer key came, which seals from then on', () => {
    const old = new Vault({ 1: first }).seal('a secret', 'account:1');
    const vault = new Vault({ 1: first, 10: second, 9: randomBytes(32) });
    expect(vault.open(old, 'account:1')).toBe('a secret');
    expect(vault.seal('a secret', 'account:1').key_version).toBe(10);
  });

  it('is never the same twice and holds nothing of the text', () => {
    const vault = new Vault({ 1: first });
    const [one, other] = [vault.seal('a secret', 'account:1'), vault.seal('a secret', 'account:1')];
    expect(one.sealed).not.toEqual(other.sealed);
    expect(one.sealed.includes('a secret')).toBe(false);
  });

  it('does not open in another row, with another key, or changed by one bit anywhere', () => {
    const vault = new Vault({ 1: first });
    const { sealed, key_version } = vault.seal('a secret', 'account:1');
    expect(() => vault.open({ sealed, key_version }, 'account:2')).toThrow();
    expect(() => new Vault({ 1: second }).open({ sealed, key_version }, 'account:1')).toThrow();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => vault.open({ sealed: changed, key_version }, 'account:1')).toThrow();
    }
  });

  it('names the missing version, and no secret, where its key is gone', () => {
    const { sealed } = new Vault({ 1: first }).seal('a secret', 'account:1');
    expect(() => new Vault({ 2: second }).open({ sealed, key_version: 1 }, 'account:1')).toThrow(/no version 1.*account is sealed/);
  });
});

it('keys of two purposes have nothing in common', () => {
  expect(derivedKey(first, 'cookies')).not.toEqual(derivedKey(first, 'lookups'));
  expect(derivedKey(first, 'cookies')).toEqual(derivedKey(first, 'cookies'));
});
