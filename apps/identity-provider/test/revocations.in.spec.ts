import { Revoked } from '@facet/contracts/revocations';
import { Events } from '@facet/events';
import { userIds, type TestDatabase } from '@facet/testing';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signedInPlaces, type SignedIn } from '../src/account/sessions.js';
import type { Tables } from '../src/store/tables.js';
import { runCommand } from '../src/upkeep/run-command.js';
import type { Browser } from './browser.js';
import { ask, browserAt, clients, enter, mobileApp, redirects, signInAt, webApp } from './clients.js';
import {
  askToken,
  demoWorld,
  encryptionKeys,
  identityDatabase,
  issuer,
  partner,
  rootKey,
  startIdentity,
  type Identity,
} from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let web: openid.Configuration;
let mobile: openid.Configuration;
let told = 0;

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database, 'development', { CLIENTS: clients });
  await identity.post('/dev/accounts', demoWorld());
  [web, mobile] = await Promise.all([webApp(identity), mobileApp(identity)]);
});
beforeEach(async () => {
  await database.db.deleteFrom('attempt').execute();
  told = (await allRevoked()).length;
});
afterAll(() => identity.stop());

const keys = { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey };
const command = (name: string, ...options: string[]) => runCommand(name, database.db, keys, options);
const allRevoked = async () => {
  await identity.app.get(Events, { strict: false }).flush();
  return database.published(Revoked);
};
/** What everybody was told since the test began. */
const revoked = async () => (await allRevoked()).slice(told).flatMap(({ what }) => (what ? [`${what.$case} ${what.value}`] : []));
const claimsOf = (tokens: { access_token: string }) => decodeJwt<{ sid: string; iat: number; roles: string[] }>(tokens.access_token);
const phone = async () => openid.getDPoPHandle(mobile, await openid.randomDPoPKeyPair('ES256'));
const onPhone = async (login = 'bob') => {
  const dpop = await phone();
  return { dpop, ...(await signInAt(identity, mobile, redirects.mobile, { login, dpop })) };
};
const endPlace = async (browser: Browser, who: keyof typeof userIds, which: (place: SignedIn) => boolean) => {
  const { body } = await browser.get(`${issuer}/account`);
  const { id } = (await signedInPlaces(database.db, userIds[who])).find(which)!;
  await browser.post(`${issuer}/account/end`, { form_token: /name="form_token" value="([^"]+)"/.exec(body)![1]!, id });
};
const signOut = async (browser: Browser) =>
  browser.submit(await browser.get(`${issuer}/session/end`), '/session/end/confirm', { logout: 'yes' });

describe('everybody is told, as tokens call it, of the end of', () => {
  it('a browser’s session, by signing out', async () => {
    const { browser, tokens } = await signInAt(identity, web, redirects.web, { login: 'bob' });
    await signOut(browser);
    expect(await revoked()).toContain(`session ${claimsOf(tokens).sid}`);
  });

  it('a browser’s session, on the account page', async () => {
    const { browser, tokens } = await signInAt(identity, web, redirects.web, { login: 'carol' });
    await endPlace(browser, 'carol', ({ kind }) => kind === 'browser');
    expect(await revoked()).toContain(`session ${claimsOf(tokens).sid}`);
  });

  it('a phone, on the account page, and of nothing else', async () => {
    const [one, other] = [await onPhone('dave'), await onPhone('dave')];
    const [{ id }] = (await signedInPlaces(database.db, userIds.dave)).filter(({ clientId }) => clientId === 'mobile-app') as [SignedIn];
    await endPlace(one.browser, 'dave', (place) => place.id === id);
    const [over, stays] = [one, other].map(({ tokens }) => claimsOf(tokens).sid).sort((sid) => (sid === id ? -1 : 1));
    expect(over).toBe(id);
    expect(await revoked()).toContain(`session ${over}`);
    expect(await revoked()).not.toContain(`session ${stays}`);
  });

  it('a phone that gives its refresh token back', async () => {
    const { tokens, dpop } = await onPhone();
    await openid.tokenRevocation(mobile, tokens.refresh_token!);
    expect(await revoked()).toContain(`session ${claimsOf(tokens).sid}`);
    await expect(openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('a family of refresh tokens of which a used one came again', async () => {
    const { tokens, dpop } = await onPhone();
    const next = await openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop });
    await database.db.deleteFrom('oidc_state').where('model', '=', 'RefreshAnswer').execute();
    await database.db
      .updateTable('oidc_state')
      .set({ consumed_at: new Date(Date.now() - 60_000) })
      .where('consumed_at', 'is not', null)
      .execute();
    await expect(openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop })).rejects.toThrow();
    expect(await revoked()).toContain(`session ${claimsOf(next).sid}`);
  });

  it('a session, though a phone that signed in with it stays signed in', async () => {
    const [browser, DPoP] = [browserAt(identity), await phone()];
    const { url, checks } = await ask(mobile, redirects.mobile, { scope: 'openid offline_access read:rooms', prompt: 'consent' });
    const back = await browser.submit(await enter(browser, await browser.get(url), 'gina'), '/consent', { decision: 'allow' });
    const tokens = await openid.authorizationCodeGrant(mobile, new URL(back.url), checks, undefined, { DPoP });
    await signOut(browser);
    expect(await revoked()).not.toContain(`session ${claimsOf(tokens).sid}`);
    await openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP });
  });
});

describe('an operator', () => {
  it('locks an account: it is signed out everywhere, and nobody signs in with it before it is unlocked', async () => {
    const { tokens } = await signInAt(identity, web, redirects.web, { login: 'dave' });
    expect(await command('lock', 'dave')).toBe('dave is locked, and signed out everywhere.');
    expect(await revoked()).toEqual([`subject ${userIds.dave}`]);
    await expect(openid.refreshTokenGrant(web, tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(signInAt(identity, web, redirects.web, { login: 'dave' })).rejects.toThrow();
    await expect(command('lock', 'dave')).rejects.toThrow('There is no account dave that is not locked.');
    await command('unlock', 'dave@demo.example');
    await signInAt(identity, web, redirects.web, { login: 'dave' });
  });

  it('gives an account another role: tokens of before are over, who is signed in stays so and gets others, which are not', async () => {
    const { tokens } = await signInAt(identity, web, redirects.web, { login: 'gina' });
    await command('set-role', 'gina', 'moderator');
    const [event] = (await allRevoked()).slice(-1);
    expect(event!.what).toEqual({ $case: 'subject', value: userIds.gina });
    const before = event!.before!.getTime() / 1_000;
    const next = claimsOf(await openid.refreshTokenGrant(web, tokens.refresh_token!));
    expect([claimsOf(tokens).iat <= before, Math.floor(before) < next.iat]).toEqual([true, true]);
    expect(next.roles).toEqual(['moderator']);
    const demo = await identity.post('/dev/token', { user: 'gina', client: 'web-app' });
    expect(Math.floor(before)).toBeLessThan(decodeJwt(demo.body['access_token'] as string).iat!);
    await command('set-role', 'gina', 'guest');
    await expect(command('set-role', 'gina', 'root')).rejects.toThrow('Roles are: admin, moderator, user, guest.');
  });

  it('revokes one token by its name', async () => {
    await command('revoke-token', 'jti-1');
    expect(await revoked()).toEqual(['token jti-1']);
  });

  it('revokes our own client: whoever is signed in there signs in again', async () => {
    const { tokens } = await onPhone('carol');
    await command('revoke-client', 'mobile-app');
    expect(await revoked()).toEqual(['client mobile-app']);
    await expect(openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: await phone() })).rejects.toThrow();
    await onPhone('carol');
  });

  it('shuts a partner out for good', async () => {
    expect((await askToken(identity.url, {})).status).toBe(200);
    await command('revoke-client', partner.clientId);
    expect(await revoked()).toEqual([`client ${partner.clientId}`]);
    expect((await askToken(identity.url, {})).status).toBe(401);
    await expect(command('revoke-client', partner.clientId)).rejects.toThrow('There is no client demo-partner.');
  });

  it.each([['lock'], ['set-role', 'bob'], ['revoke-token', ''], ['unlock', 'bob', 'carol'], ['revoke-client', 'nobody']])(
    'is told what to write instead of `%s %s %s`',
    async (name, ...options) => {
      await expect(command(name, ...options.filter((option) => option !== undefined))).rejects.toThrow();
      expect(await revoked()).toEqual([]);
    },
  );

  it('leaves a trace of each in the audit trail', async () => {
    const rows = await database.db.selectFrom('audit_event').select('event').distinct().execute();
    expect(rows.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['account-locked', 'account-unlocked', 'role-changed', 'client-revoked', 'token-revoked']),
    );
  });
});

it('an end that fails is not told', async () => {
  const { browser } = await signInAt(identity, web, redirects.web, { login: 'bob' });
  await database.db.schema.alterTable('audit_event').renameTo('audit_event_away').execute();
  await endPlace(browser, 'bob', ({ kind }) => kind === 'browser');
  await database.db.schema.alterTable('audit_event_away').renameTo('audit_event').execute();
  expect(await revoked()).toEqual([]);
  expect((await browser.get(`${issuer}/account`)).body).toContain('(bob)');
});

it('a session that is kept at many requests is told once', async () => {
  const { browser, tokens } = await signInAt(identity, web, redirects.web, { login: 'bob' });
  for (let each = 0; each < 3; each += 1) await browser.get((await ask(web, redirects.web)).url);
  await signOut(browser);
  expect((await revoked()).filter((each) => each === `session ${claimsOf(tokens).sid}`)).toHaveLength(1);
});
