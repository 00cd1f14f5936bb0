import { userIds } from '@facet/testing';
import Provider from 'oidc-provider';
import * as openid from 'openid-client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { endEverything, signedInPlaces, type SignedIn } from '../src/account/sessions.js';
import { StateAdapter } from '../src/oidc/state-adapter.js';
import { Passwords } from '../src/sign-in/passwords.js';
import type { Browser } from './browser.js';
import { ask, browserAt, enter, redirects, signInAt } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { issuer, rootKey } from './start-identity.js';

let database: DemoWorld['database'];
let identity: DemoWorld['identity'];
let web: DemoWorld['web'];

inDemoWorld((world) => ({ database, identity, web } = world));
beforeEach(async () => {
  vi.restoreAllMocks();
  for (const table of ['attempt', 'mail', 'oidc_state', 'totp'] as const) await database.db.deleteFrom(table).execute();
});

const account = `${issuer}/account`;
const atHome = async (login: string) => {
  const browser = browserAt(identity);
  return { browser, home: await enter(browser, await browser.get(account), login) };
};
/** Holds what the library keeps of one kind until it is let go, as a slow replica would. */
const holdSaves = (model: string) => {
  const held = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const { upsert } = StateAdapter.prototype;
  vi.spyOn(StateAdapter.prototype, 'upsert').mockImplementation(async function (this: StateAdapter, ...given) {
    if ((this as unknown as { model: string }).model === model) {
      held.resolve();
      await go.promise;
    }
    return upsert.apply(this, given);
  });
  return { held: held.promise, release: () => go.resolve() };
};
const keptOf = (model: string) =>
  database.db.selectFrom('oidc_state').select('id_hash').where('account_id', '=', userIds.bob).where('model', '=', model).execute();
const endPlace = async (browser: Browser, which: (place: SignedIn) => boolean) => {
  const { body } = await browser.get(account);
  const { id } = (await signedInPlaces(database.db, userIds.bob)).find(which)!;
  const form_token = /name="form_token" value="([^"]+)"/.exec(body)![1]!;
  await browser.post(`${account}/end`, { form_token, id });
};
const reset = async (login: string, password: string) => {
  const browser = browserAt(identity);
  const page = await browser.get((await ask(web, redirects.web)).url);
  const asked = await browser.submit(await browser.get(`${page.url}/forgotten`), '/forgotten', { email: `${login}@demo.example` });
  const code = /\b\d{6}\b/.exec(await (await fetch(`${identity.url}/dev/mailbox`)).text())![0];
  expect((await browser.submit(asked, '/reset', { code, password })).body).toContain('signed out everywhere');
};

describe('what was ended', () => {
  const ends: Record<string, (browser: Browser) => Promise<unknown>> = {
    'in the list of places': (browser) => endPlace(browser, ({ kind }) => kind === 'browser'),
    'by signing out': async (browser) =>
      browser.submit(await browser.get(`${issuer}/session/end`), '/session/end/confirm', { logout: 'yes' }),
    'with everything': () => database.db.transaction().execute((tx) => endEverything(tx, userIds.bob)),
  };

  it.each(Object.keys(ends))('%s is not kept again by a request that began before', async (how) => {
    const { browser } = await atHome('bob');
    const saves = holdSaves('Session');
    const slow = browser.get((await ask(web, redirects.web)).url);
    await saves.held;
    vi.restoreAllMocks();
    await ends[how]!(browser);
    saves.release();
    await slow;
    expect(await keptOf('Session')).toEqual([]);
    expect((await browser.get(account)).body).toContain('name="password"');
  });

  it('of an application stays so, also where a sign-in at it was under way', async () => {
    const { browser } = await signInAt(identity, web, redirects.web, { login: 'bob' });
    const saves = holdSaves('Grant');
    const { url, checks } = await ask(web, redirects.web);
    const slow = browser.get(url);
    await saves.held;
    vi.restoreAllMocks();
    await endPlace(browser, ({ clientId }) => clientId === 'web-app');
    saves.release();
    const back = await slow;
    expect((await signedInPlaces(database.db, userIds.bob)).map(({ clientId }) => clientId)).not.toContain('web-app');
    await expect(openid.authorizationCodeGrant(web, new URL(back.url), checks)).rejects.toMatchObject({ error: 'invalid_grant' });
    await signInAt(identity, web, redirects.web, { browser, login: 'bob' });
  });

  it('is found by nobody, should it have been kept at that very moment', async () => {
    const { browser } = await atHome('bob');
    const [session] = await database.db.selectFrom('oidc_state').selectAll().where('model', '=', 'Session').execute();
    await database.db.transaction().execute((tx) => endEverything(tx, userIds.bob));
    await database.db.insertInto('oidc_state').values(session!).execute();
    expect((await browser.get(account)).body).toContain('name="password"');
  });

  it('leaves who signs in right afterwards signed in, with a time in whole seconds', async () => {
    await database.db.transaction().execute((tx) => endEverything(tx, userIds.bob));
    const { tokens, browser } = await signInAt(identity, web, redirects.web, { login: 'bob' });
    expect(tokens.claims()!.auth_time).toSatisfy(Number.isInteger);
    await openid.refreshTokenGrant(web, tokens.refresh_token!);
    expect((await browser.get(account)).body).toContain('(bob)');
  });
});

describe('a password that was replaced', () => {
  it('signs nobody in whose sign-in goes on afterwards, and the browser may try again', async () => {
    const { prototype } = Provider;
    const held = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const { interactionResult } = prototype;
    vi.spyOn(prototype, 'interactionResult').mockImplementation(async function (this: Provider, ...given) {
      held.resolve();
      await go.promise;
      return interactionResult.apply(this, given);
    });
    const browser = browserAt(identity);
    const page = await browser.get((await ask(web, redirects.web)).url);
    const slow = enter(browser, page, 'carol');
    await held.promise;
    await reset('carol', 'a lake full of umbrellas');
    go.resolve();
    const asked = await slow;
    expect(asked.body).toContain('name="password"');
    expect(await signedInPlaces(database.db, userIds.carol)).toEqual([]);
    expect((await enter(browser, asked, 'carol', 'a lake full of umbrellas')).url).toContain(redirects.web);
  });

  it('ends the second steps that its holders were at, with app and passkey', async () => {
    for (const table of ['challenge', 'passkey_challenge'] as const) await database.db.deleteFrom(table).execute();
    const mine = { account_id: userIds.dave, visit_hash: 'visit', expires_at: new Date(Date.now() + 60_000) };
    await database.db
      .insertInto('challenge')
      .values({ ...mine, purpose: 'second-factor', code_hash: 'code' })
      .execute();
    await database.db
      .insertInto('passkey_challenge')
      .values({ ...mine, purpose: 'sign-in', challenge_hash: 'challenge' })
      .execute();
    await reset('dave', 'a field full of lanterns');
    for (const table of ['challenge', 'passkey_challenge'] as const)
      expect(await database.db.selectFrom(table).select('visit_hash').where('account_id', '=', userIds.dave).execute()).toEqual([]);
  });

  it('is not put back by a sign-in that hashes it anew', async () => {
    const settings = { ARGON2_MEMORY_KIB: 8_192, ARGON2_PARALLELISM: 1, ROOT_KEY: rootKey };
    const [older, newer] = [1, 2].map((ARGON2_ITERATIONS) => new Passwords({ ...settings, ARGON2_ITERATIONS }));
    const [old, other] = [await older!.hashOf('the old password'), await older!.hashOf('the new password')];
    await older!.set(database.db, userIds.gina, old);
    const hashOf = newer!.hashOf.bind(newer);
    vi.spyOn(newer!, 'hashOf').mockImplementation(async (password) => {
      if (password !== '') await older!.set(database.db, userIds.gina, other);
      return hashOf(password);
    });
    await newer!.prove(database.db, userIds.gina, { login: 'gina', password: 'the old password' });
    const kept = () =>
      database.db.selectFrom('password').select(['hash', 'changed_at']).where('account_id', '=', userIds.gina).executeTakeFirstOrThrow();
    const before = await kept();
    expect(before.hash).toBe(other);
    vi.restoreAllMocks();
    expect(await newer!.prove(database.db, userIds.gina, { login: 'gina', password: 'the new password' })).toBeInstanceOf(Date);
    expect((await kept()).hash).toContain('t=2');
    expect((await kept()).changed_at).toEqual(before.changed_at);
  });
});
