import { randomBytes } from 'node:crypto';
import { MemoryState } from '@facet/state/memory';
import { UnsecuredJWT } from 'jose';
import { ResponseBodyError } from 'openid-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Tokens } from './issuer-client.js';
import { refreshSession, replacementOf, type RefreshOptions } from './refresh-session.js';
import { Seal } from './seal.js';
import { newRecord } from './session-record.js';
import { SessionStore } from './session-store.js';

const key = SessionStore.keyOf('id');
let refreshes: number;
let state: MemoryState;
let store: SessionStore;
let ask: () => Promise<Tokens>;
const revoked = { now: false };

const tokens = (name: string): Tokens => {
  const iat = Math.floor(Date.now() / 1_000);
  const jwt = (claims: object) => new UnsecuredJWT({ sub: 'alice', sid: 's', iat, ...claims }).encode();
  return {
    access_token: jwt({ name }),
    id_token: jwt({}),
    refresh_token: 'r',
    token_type: 'bearer',
    expiresIn: () => 600,
  } as unknown as Tokens;
};
const options = (): RefreshOptions => ({
  store,
  isRevoked: () => revoked.now,
  issuer: {
    refresh: () => {
      refreshes += 1;
      return ask();
    },
  },
});
const expired = async () => {
  await store.insert(key, newRecord(tokens('old'), Date.now()));
  vi.setSystemTime(Date.now() + 700_000);
  return (await store.read(key))!;
};
const invalidGrant = () =>
  new ResponseBodyError('no', { cause: { error: 'invalid_grant' } as never, response: new Response('', { status: 400 }) });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-01T12:00:00Z') });
  refreshes = 0;
  revoked.now = false;
  state = new MemoryState();
  store = new SessionStore(state, new Seal({ 1: randomBytes(32) }), { idleMs: 3_600_000, maxMs: 7_200_000 });
  ask = async () => tokens('new');
});
afterEach(() => vi.useRealTimers());

it('many at once, each with what it saw itself, make one refresh, and all have what came of it', async () => {
  const seen = await expired();
  ask = () => new Promise((resolve) => setImmediate(() => resolve(tokens('new'))));
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => refreshSession(options(), key, seen)));
  expect(refreshes).toBe(1);
  expect(new Set(outcomes.map((outcome) => outcome!.record.accessToken)).size).toBe(1);
  expect(outcomes[0]!.record).toMatchObject({ refreshToken: 'r', refreshAt: Date.now() + 540_000 });
  expect((await store.read(key))!.record.lease).toBeUndefined();
});

it('a holder that never comes back loses its lease, and nobody is signed out', async () => {
  const { record, version } = await expired();
  await store.replace(key, version, { ...record, lease: { holder: 'dead', until: Date.now() + 7_000 } });
  const waiting = refreshSession(options(), key, (await store.read(key))!);
  expect(refreshes).toBe(0);
  vi.setSystemTime(Date.now() + 7_001);
  expect((await waiting)!.record.lease).toBeUndefined();
  expect(refreshes).toBe(1);
});

it('waiting for a holder has an end, which is no sign-out', async () => {
  const { record, version } = await expired();
  await store.replace(key, version, { ...record, lease: { holder: 'slow', until: Date.now() + 60_000 } });
  const waiting = refreshSession(options(), key, (await store.read(key))!);
  vi.setSystemTime(Date.now() + 7_600);
  await expect(waiting).rejects.toMatchObject({ code: 'dependency-unavailable' });
  expect(await store.read(key)).toBeDefined();
});

it('an issuer that is away ends no session, and the next one may ask at once', async () => {
  const seen = await expired();
  ask = () => Promise.reject(new TypeError('fetch failed'));
  await expect(refreshSession(options(), key, seen)).rejects.toMatchObject({ code: 'dependency-unavailable' });
  ask = async () => tokens('new');
  expect((await refreshSession(options(), key, (await store.read(key))!))!.record.expiresAt).toBeGreaterThan(Date.now());
});

it.each([
  [
    'our key is not accepted',
    new ResponseBodyError('no', { cause: { error: 'invalid_client' } as never, response: new Response('', { status: 401 }) }),
  ],
  ['it fails', new ResponseBodyError('no', { cause: { error: 'invalid_grant' } as never, response: new Response('', { status: 500 }) })],
])('so does one that says that %s', async (_, failure) => {
  const seen = await expired();
  ask = () => Promise.reject(failure);
  await expect(refreshSession(options(), key, seen)).rejects.toMatchObject({ code: 'dependency-unavailable' });
  expect(await store.read(key)).toBeDefined();
});

it("the issuer's word that the grant has ended ends the session", async () => {
  const seen = await expired();
  ask = () => Promise.reject(invalidGrant());
  expect(await refreshSession(options(), key, seen)).toBeUndefined();
  expect(await store.read(key)).toBeUndefined();
});

it('a session that is ended while it is refreshed stays ended', async () => {
  const seen = await expired();
  ask = async () => {
    await store.delete(key);
    return tokens('new');
  };
  expect(await refreshSession(options(), key, seen)).toBeUndefined();
  expect(await store.read(key)).toBeUndefined();
});

it('a token that was revoked is replaced at once, by one of a later second', async () => {
  const record = newRecord(tokens('old'), Date.now());
  revoked.now = true;
  expect(replacementOf(options(), record)).toBeUndefined();
  vi.setSystemTime(Date.now() + 1_000);
  expect(replacementOf(options(), record)).toBe('at once');
  revoked.now = false;
  expect(replacementOf(options(), record)).toBeUndefined();
  vi.setSystemTime(Date.now() + 540_000);
  expect(replacementOf(options(), record)).toBe('soon');
});
