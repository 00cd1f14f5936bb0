import { randomBytes } from 'node:crypto';
import { MemoryState } from '@facet/state/memory';
import { UnsecuredJWT } from 'jose';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Tokens } from './issuer-client.js';
import { Seal } from './seal.js';
import { SessionIndex } from './session-index.js';
import { SessionStore } from './session-store.js';
import { Sessions } from './sessions.js';

const life = { idleMs: 3_600_000, maxMs: 7_200_000 };
const iat = Math.floor(Date.now() / 1_000);
const jwt = (claims: object) => new UnsecuredJWT({ sub: 'alice', sid: 's', iat, ...claims }).encode();
const tokens = {
  access_token: jwt({}),
  id_token: jwt({}),
  refresh_token: 'r',
  token_type: 'bearer',
  expiresIn: () => 600,
} as unknown as Tokens;
let state: MemoryState;
let sessions: Sessions;

beforeEach(() => {
  state = new MemoryState();
  const store = new SessionStore(state, new Seal({ 1: randomBytes(32) }), life);
  const issuer = { refresh: () => Promise.reject(new Error('nobody should be asked')) };
  sessions = new Sessions({ store, index: new SessionIndex(state, life.maxMs), issuer, isRevoked: () => false, report: () => undefined });
});

it('a session is looked up once, by however many calls at once, and then known', async () => {
  const get = vi.spyOn(state, 'get');
  const id = await sessions.begin(tokens);
  get.mockClear();
  await Promise.all(Array.from({ length: 50 }, () => sessions.find(id)));
  expect(sessions.find(id)).not.toBeInstanceOf(Promise);
  expect(get).toHaveBeenCalledTimes(1);
});

it.each<[string, (id: string) => unknown]>([
  ['ended', (id) => sessions.end(id)],
  ['ended by the issuer', () => sessions.endAll({ sid: 's' }, iat)],
  ['revoked', () => sessions.forgetCallers(({ session }) => session === 's')],
])('what is read of a session while it is %s is not remembered', async (_, end) => {
  const id = await sessions.begin(tokens);
  const [read, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const get = state.get.bind(state);
  vi.spyOn(state, 'get').mockImplementationOnce(async (key) => {
    const kept = await get(key);
    read.resolve();
    await go.promise;
    return kept;
  });
  const looking = sessions.find(id);
  await read.promise;
  await end(id);
  go.resolve();
  await looking;
  expect(sessions.find(id)).toBeInstanceOf(Promise);
});

it('each session has an id of its own, which nobody guesses', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => sessions.begin(tokens)));
  expect(new Set(ids).size).toBe(20);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
