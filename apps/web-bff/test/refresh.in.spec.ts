import type { SharedState } from '@facet/state';
import { MemoryState } from '@facet/state/memory';
import { startSignInIssuer, testDatabase, type SignInIssuer } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SessionStore } from '../src/session/session-store.js';
import { startWeb } from './web-app.fixtures.js';
import { Visitor } from './visitor.fixtures.js';

const unlimited = { browse: 1_000_000_000 };
const lifetimeSeconds = 600;
const redisUrl = process.env['REDIS_URL'];
let issuer: SignInIssuer;

beforeAll(async () => void (issuer = await startSignInIssuer()));
afterEach(() => {
  issuer.trouble = undefined;
  vi.useRealTimers();
});
afterAll(() => issuer.stop());

const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
const ask = async (origin: string, cookie: string) => {
  const response = await fetch(`${origin}/bff/user`, { headers: { cookie, 'x-csrf': '1' } });
  await response.arrayBuffer();
  return response.status;
};

const engines: [string, () => Promise<Record<string, string>>][] = [
  ['PostgreSQL', async () => ({ REDIS_URL: '', DATABASE_URL: (await testDatabase({ schema: 'web_bff', migrations: {} })).url })],
  ...(redisUrl ? [['Redis', async () => ({ REDIS_URL: redisUrl })] as [string, () => Promise<Record<string, string>>]] : []),
];

describe.each(engines)('three replicas that share sessions by %s', (_, settingsOf) => {
  it(
    'refresh once a round where 200 calls at a time come to each with an expired token, and sign nobody out',
    { timeout: 240_000 },
    async () => {
      const settings = await settingsOf();
      const webs = await Promise.all([1, 2, 3].map(() => startWeb(issuer, { limits: unlimited, settings, state: null })));
      const { header } = await new Visitor(webs[0]!.origin, issuer).signIn({ lifetimeSeconds });
      const rounds: { refreshes: number; statuses: number[] }[] = [];
      for (let round = 0; round < 20; round += 1) {
        later((lifetimeSeconds + 1) * 1_000);
        const before = issuer.refreshes;
        const statuses = await Promise.all(webs.flatMap(({ origin }) => Array.from({ length: 200 }, () => ask(origin, header))));
        rounds.push({ refreshes: issuer.refreshes - before, statuses: [...new Set(statuses)] });
      }
      expect(rounds).toEqual(Array(20).fill({ refreshes: 1, statuses: [200] }));
      await Promise.all(webs.map((web) => web.stop()));
    },
  );
});

describe('a replica that dies', () => {
  /** The store as a replica sees it that is gone at the moment of its n-th change. */
  const dyingAt = (state: SharedState, change: number): SharedState => {
    let changes = 0;
    const replace: SharedState['replace'] = (...given) => {
      changes += 1;
      return changes < change ? state.replace(...given) : Promise.reject(new Error('This process is gone'));
    };
    const rest = (name: 'insert' | 'get' | 'delete' | 'ping' | 'close') => state[name].bind(state);
    return {
      replace,
      insert: rest('insert'),
      get: rest('get'),
      delete: rest('delete'),
      ping: rest('ping'),
      close: rest('close'),
    } as SharedState;
  };

  it('between refreshing and storing signs nobody out: another one asks again, once its lease is over', async () => {
    const state = new MemoryState();
    const [dying, other] = [await startWeb(issuer, { state: dyingAt(state, 2) }), await startWeb(issuer, { state })];
    const { header, session } = await new Visitor(other.origin, issuer).signIn({ lifetimeSeconds });
    later((lifetimeSeconds + 1) * 1_000);
    const before = issuer.refreshes;
    expect(await ask(dying.origin, header)).toBe(500);
    expect(issuer.refreshes - before).toBe(1);
    await dying.stop();
    const waiting = ask(other.origin, header);
    expect(issuer.refreshes - before).toBe(1);
    later(7_001);
    expect(await waiting).toBe(200);
    expect(issuer.refreshes - before).toBe(2);
    expect(await state.get(SessionStore.keyOf(session!))).toBeDefined();
    await other.stop();
  });
});

describe('a token that is about to end', () => {
  it('is replaced while the old one still serves: nobody waits for the issuer', async () => {
    const web = await startWeb(issuer, {});
    const { header } = await new Visitor(web.origin, issuer).signIn({ lifetimeSeconds });
    const held = Promise.withResolvers<void>();
    issuer.trouble = { until: held.promise };
    later(570_000);
    const before = issuer.refreshes;
    expect([await ask(web.origin, header), await ask(web.origin, header)]).toEqual([200, 200]);
    held.resolve();
    await expect.poll(() => issuer.refreshes - before).toBe(1);
    await web.stop();
  });

  it('is kept where nothing has to be asked: a warm session costs no look-up in the store', async () => {
    const state = new MemoryState();
    const get = vi.spyOn(state, 'get');
    const web = await startWeb(issuer, { state });
    const { header } = await new Visitor(web.origin, issuer).signIn({ lifetimeSeconds });
    await ask(web.origin, header);
    const before = get.mock.calls.length;
    await Promise.all(Array.from({ length: 20 }, () => ask(web.origin, header)));
    expect(get.mock.calls.length).toBe(before);
    await web.stop();
  });
});
