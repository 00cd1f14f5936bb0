import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kindOfPartnerKeys, looksLikePartnerKey, newPartnerKey, partnerKeyKind } from './partner-key.js';

const key = newPartnerKey('live');

describe('a partner key', () => {
  it('says by its prefix what it is, and is random for at least 160 bits', () => {
    expect(key).toMatch(/^facet_live_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/);
    expect(newPartnerKey('test')).toMatch(/^facet_test_/);
    expect(32 * Math.log2(62)).toBeGreaterThan(160);
    expect(new Set(Array.from({ length: 200 }, () => newPartnerKey('live'))).size).toBe(200);
    const asked: number[] = [];
    newPartnerKey('live', (below) => (asked.push(below), 0));
    expect(asked).toEqual(Array(32).fill(62));
  });

  it('ends with the CRC-32 of what is before, so that scanners elsewhere can tell it from a text like it', () => {
    const body = newPartnerKey('test', (below) => below - 1).slice(0, 43);
    let rest = crc32(body);
    let checksum = '';
    for (let place = 0; place < 6; place += 1) {
      checksum = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[rest % 62]! + checksum;
      rest = Math.floor(rest / 62);
    }
    expect(partnerKeyKind(`${body}_${checksum}`)).toBe('test');
  });

  it('is none with any one character changed, two swapped, or a part of it missing', () => {
    expect(partnerKeyKind(key)).toBe('live');
    for (let at = 0; at < key.length; at += 1) {
      expect(partnerKeyKind(key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1))).toBeUndefined();
      expect(partnerKeyKind(key.slice(0, at))).toBeUndefined();
      const swapped = key.slice(0, at) + (key[at + 1] ?? '') + key[at]! + key.slice(at + 2);
      if (swapped !== key) expect(partnerKeyKind(swapped)).toBeUndefined();
    }
    for (const text of ['', 'facet_live_', `${key} `, ` ${key}`, `${key}\n`, key.replace('live', 'test'), key.toLowerCase()])
      expect(partnerKeyKind(text)).toBeUndefined();
  });

  it('that has a typo is still known for what it was meant to be', () => {
    expect([key, 'facet_live_typo', 'facet_'].every(looksLikePartnerKey)).toBe(true);
    expect(looksLikePartnerKey('eyJhbGciOiJFUzI1NiJ9.e30.x')).toBe(false);
  });

  it('is live in production alone', () => {
    expect([kindOfPartnerKeys('production'), kindOfPartnerKeys('development')]).toEqual(['live', 'test']);
  });
});
