import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { DpopKey } from './dpop-key.js';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = DpopKey.of({ typ: 'dpop+jwt', alg: 'ES256', jwk: pair.publicKey.export({ format: 'jwk' }) });
const signatureOf = (text: string) => sign('sha256', Buffer.from(text), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });

it('takes every signature of its key, whatever its numbers begin with', () => {
  const beginnings = new Set<string>();
  for (let turn = 0; turn < 20_000 && beginnings.size < 6; turn += 1) {
    const signature = signatureOf(`${turn}`);
    for (const at of [0, 32]) beginnings.add(`${at} ${signature[at] === 0 ? 'zero' : signature[at]! > 0x7f ? 'high' : 'low'}`);
    expect(key.hasSigned(`${turn}`, signature)).toBe(true);
  }
  expect(beginnings.size).toBe(6);
});

it('takes no other', () => {
  const signature = signatureOf('text');
  expect(key.hasSigned('another text', signature)).toBe(false);
  for (const at of [0, 31, 32, 63]) {
    const changed = Buffer.from(signature);
    changed[at]! ^= 1;
    expect(key.hasSigned('text', changed)).toBe(false);
  }
  expect(key.hasSigned('text', Buffer.alloc(64))).toBe(false);
});
