import { newPartnerKey, Revocations } from '@facet/auth';
import type { VerifyKeyResponse } from '@facet/contracts/keys';
import { idOf } from '@facet/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aKey, bot } from '../../test/keys.fixtures.js';
import { KnownKeys } from './known-keys.js';

const key = newPartnerKey('test');
const other = newPartnerKey('test');
const here = '192.0.2.1';
const hour = 3_600_000;
const away = expect.objectContaining({ code: 'dependency-unavailable', retryAfterSeconds: 1 });

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-01T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

/** What identity-provider answers may be changed at any time. */
function keysThat(answer: () => Promise<Partial<VerifyKeyResponse>> = async () => ({ key: aKey() })) {
  const identity = { answer, verify: vi.fn(async () => ({ key: undefined, asOf: new Date(), ...(await identity.answer()) })) };
  const revocations = new Revocations();
  const keys = new KnownKeys(identity, revocations, 'test');
  revocations.onRevoked((isOver) => keys.forgetCallers(isOver));
  return { keys, identity, revocations, questions: () => identity.verify.mock.calls.length };
}
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe('a key that is good', () => {
  it('is remembered for a minute, and asked about again then', async () => {
    const { keys, questions } = keysThat();
    expect(keys.recall(key)).toBeUndefined();
    const found = await keys.find(key, here);
    pass(59_999);
    expect(keys.recall(key)).toBe(found);
    pass(1);
    expect(keys.recall(key)).toBeUndefined();
    await keys.find(key, here);
    expect(questions()).toBe(2);
  });

  it('is remembered no longer than it lives', async () => {
    const { keys } = keysThat(async () => ({ key: aKey({ expiresAt: new Date(Date.now() + 10_000) }) }));
    await keys.find(key, here);
    pass(9_999);
    expect(keys.recall(key)).toBeDefined();
    pass(1);
    expect(keys.recall(key)).toBeUndefined();
  });

  it('is one question, however many ask while it is under way', async () => {
    const { keys, questions } = keysThat();
    const found = await Promise.all([keys.find(key, here), keys.find(key, '192.0.2.2'), keys.find(key, here)]);
    expect([new Set(found).size, questions()]).toEqual([1, 1]);
  });

  it('serves while identity-provider is away, until its minute is over', async () => {
    const { keys, identity } = keysThat();
    await keys.find(key, here);
    identity.answer = () => Promise.reject(new Error('away'));
    pass(59_999);
    expect(keys.recall(key)).toBeDefined();
    pass(1);
    expect(keys.recall(key)).toBeUndefined();
    await expect(keys.find(key, here)).rejects.toEqual(away);
    await expect(keys.find(other, here)).rejects.toEqual(away);
  });

  it('carries its id and the moment of which it is true, for whoever ends it', async () => {
    const asOf = new Date('2026-11-01T11:59:59.250Z');
    const { keys } = keysThat(async () => ({ key: aKey({ id: idOf(1) }), asOf }));
    const { caller } = (await keys.find(key, here))!;
    expect(caller).toMatchObject({ kind: 'bot', subject: bot, key: idOf(1), issuedAt: asOf.getTime() / 1_000 });
    expect(Object.isFrozen(caller)).toBe(true);
  });
});

describe('a revocation', () => {
  const revocation = (kind: 'key' | 'subject' | 'client', id: string) => ({ kind, id, before: Date.now(), until: Date.now() + hour });

  it('of the key ends it at once, and nothing revives it', async () => {
    const { keys, revocations, identity } = keysThat();
    await keys.find(key, here);
    revocations.revoke(revocation('key', aKey().id));
    expect(keys.recall(key)).toBeUndefined();
    await expect(keys.find(key, here)).rejects.toEqual(away);
    identity.answer = async () => ({});
    expect(await keys.find(key, here)).toBeUndefined();
  });

  it.each([
    ['its bot', 'subject', bot],
    ['its client', 'client', 'demo-partner'],
  ] as const)('of what %s came with so far has it asked about anew, and what is true since then counts', async (_, kind, id) => {
    const { keys, revocations, questions } = keysThat();
    await keys.find(key, here);
    revocations.revoke(revocation(kind, id));
    expect(keys.recall(key)).toBeUndefined();
    await expect(keys.find(key, here)).rejects.toEqual(away);
    pass(1);
    expect(await keys.find(key, here)).toBeDefined();
    expect(keys.recall(key)).toBeDefined();
    expect(questions()).toBe(3);
  });

  it('that comes while a key is asked about is not overtaken by the answer', async () => {
    const { keys, revocations, identity } = keysThat();
    const asOf = new Date();
    identity.answer = async () => {
      revocations.revoke(revocation('subject', bot));
      return { key: aKey(), asOf };
    };
    await expect(keys.find(key, here)).rejects.toEqual(away);
    expect(keys.recall(key)).toBeUndefined();
  });

  it('of somebody else changes nothing', async () => {
    const { keys, revocations } = keysThat();
    await keys.find(key, here);
    revocations.revoke(revocation('key', idOf(9)));
    revocations.revoke(revocation('client', 'other-partner'));
    expect(keys.recall(key)).toBeDefined();
  });
});

describe('a key that nobody made', () => {
  it('is remembered as such for half a minute, and then asked about again', async () => {
    const { keys, identity, questions } = keysThat(async () => ({}));
    for (let time = 0; time < 5; time += 1) expect(await keys.find(key, here)).toBeUndefined();
    expect(questions()).toBe(1);
    identity.answer = async () => ({ key: aKey() });
    pass(30_000);
    expect(await keys.find(key, here)).toBeDefined();
  });

  it('and another, and another: after twenty of them nobody is asked about what comes from that address, for half a minute', async () => {
    const { keys, questions } = keysThat(async () => ({}));
    for (let guess = 0; guess < 20; guess += 1) expect(await keys.find(newPartnerKey('test'), here)).toBeUndefined();
    await expect(keys.find(newPartnerKey('test'), here)).rejects.toEqual(expect.objectContaining({ code: 'quota-exceeded' }));
    expect(questions()).toBe(20);
    expect(await keys.find(newPartnerKey('test'), '192.0.2.2')).toBeUndefined();
    pass(30_000);
    expect(await keys.find(newPartnerKey('test'), here)).toBeUndefined();
  });
});

it('ten thousand keys are remembered, and no more: the longest kept is asked about again', async () => {
  const { keys, questions } = keysThat();
  await keys.find(key, here);
  for (let made = 0; made < 10_000; made += 1) await keys.find(`key ${made}`, here);
  expect(keys.recall(key)).toBeUndefined();
  expect(keys.recall('key 0')).toBeDefined();
  expect(questions()).toBe(10_001);
});
