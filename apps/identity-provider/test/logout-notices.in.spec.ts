import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { userIds, type TestDatabase } from '@facet/testing';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { signedInPlaces } from '../src/account/sessions.js';
import { LogoutNotices } from '../src/revocations/logout-notices.js';
import type { Tables } from '../src/store/tables.js';
import { runCommand } from '../src/upkeep/run-command.js';
import type { Browser } from './browser.js';
import { clients, redirects, signInAt, webApp } from './clients.js';
import { demoWorld, encryptionKeys, identityDatabase, issuer, rootKey, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let web: openid.Configuration;
let bff: Server;
let start: () => Promise<Identity>;
const got: string[] = [];
const answer = { status: 204 };

beforeAll(async () => {
  bff = createServer((request, response) => {
    void text(request).then((body) => {
      got.push(new URLSearchParams(body).get('logout_token')!);
      response.writeHead(answer.status).end();
    });
  });
  await new Promise<void>((listening) => bff.listen(0, '127.0.0.1', listening));
  const { port } = bff.address() as AddressInfo;
  const CLIENTS = { ...clients, 'web-app': { ...clients['web-app'], backchannelLogoutUri: `http://127.0.0.1:${port}/bff/backchannel` } };
  database = await identityDatabase();
  start = () => startIdentity(database, 'development', { CLIENTS });
  identity = await start();
  await identity.post('/dev/accounts', demoWorld());
  web = await webApp(identity);
});
beforeEach(async () => {
  for (const table of ['attempt', 'logout_notice'] as const) await database.db.deleteFrom(table).execute();
  answer.status = 204;
  got.length = 0;
});
afterAll(async () => {
  await identity.stop();
  bff.close();
});

const signIn = async (login: string) => {
  const { browser, tokens } = await signInAt(identity, web, redirects.web, { login });
  return { browser, sid: decodeJwt<{ sid: string }>(tokens.access_token).sid };
};
const command = (name: string, ...options: string[]) =>
  runCommand(name, database.db, { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey }, options);
const sids = () => got.map((token) => decodeJwt<{ sid: string }>(token).sid);
const received = (sid: string) => vi.waitFor(() => expect(sids()).toContain(sid), { timeout: 5_000, interval: 20 });
const waiting = async () => (await database.db.selectFrom('logout_notice').select('sid').execute()).map(({ sid }) => sid);
const dueNow = () =>
  database.db
    .updateTable('logout_notice')
    .set({ send_after: new Date(0) })
    .execute();

const ends: Record<string, (browser: Browser) => Promise<unknown>> = {
  'signs out': async (browser) => browser.submit(await browser.get(`${issuer}/session/end`), '/session/end/confirm', { logout: 'yes' }),
  'ends the session on the account page': async (browser) => {
    const { body } = await browser.get(`${issuer}/account`);
    const { id } = (await signedInPlaces(database.db, userIds.bob)).find(({ kind }) => kind === 'browser')!;
    await browser.post(`${issuer}/account/end`, { form_token: /name="form_token" value="([^"]+)"/.exec(body)![1]!, id });
  },
  'ends the application on the account page': async (browser) => {
    const { body } = await browser.get(`${issuer}/account`);
    const { id } = (await signedInPlaces(database.db, userIds.bob)).find(({ clientId }) => clientId === 'web-app')!;
    await browser.post(`${issuer}/account/end`, { form_token: /name="form_token" value="([^"]+)"/.exec(body)![1]!, id });
  },
  'is locked by a command': async () => {
    await command('lock', 'bob');
    await command('unlock', 'bob');
  },
};

it.each(Object.keys(ends))('the web application is told when somebody %s, by a token as the specification has it', async (how) => {
  await database.db.deleteFrom('oidc_state').execute();
  const { browser, sid } = await signIn('bob');
  await ends[how]!(browser);
  await received(sid);
  expect(sids()).toEqual([sid]);
  const { payload, protectedHeader } = await jwtVerify(got[0]!, createRemoteJWKSet(new URL(`${identity.url}/jwks`)));
  expect(payload).toEqual({
    iss: issuer,
    aud: 'web-app',
    sub: userIds.bob,
    sid,
    iat: expect.any(Number),
    exp: expect.any(Number),
    jti: expect.any(String),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'logout+jwt' });
  await vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 5_000, interval: 20 });
});

it('a web application that is away is told when it is back, by another token, and nobody waits for it meanwhile', async () => {
  answer.status = 503;
  const { sid } = await signIn('carol');
  await command('lock', 'carol');
  await received(sid);
  expect(await waiting()).toEqual([sid]);
  answer.status = 204;
  await dueNow();
  await vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 5_000, interval: 20 });
  expect(new Set(got.map((token) => decodeJwt(token).jti)).size).toBe(got.length);
  expect(got.length).toBeGreaterThanOrEqual(2);
});

it('tries that fail come later each time', async () => {
  const { sid } = await signIn('dave');
  const pauses: number[] = [];
  const notices = new LogoutNotices(
    database.db,
    () => Promise.reject(new Error('away')),
    () => undefined,
  );
  await identity.stop();
  await command('lock', 'dave');
  for (let tried = 0; tried < 4; tried += 1) {
    await dueNow();
    await notices.deliver();
    const row = await database.db.selectFrom('logout_notice').select('send_after').where('sid', '=', sid).executeTakeFirstOrThrow();
    pauses.push(Math.round((row.send_after.getTime() - Date.now()) / 1_000));
  }
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
  expect(pauses[3]).toBeGreaterThan(pauses[0]! * 4);
  identity = await start();
});

it('what waited when everything stopped is told after the start', async () => {
  web = await webApp(identity);
  const { sid } = await signIn('gina');
  await identity.stop();
  got.length = 0;
  await command('lock', 'gina');
  expect(got).toEqual([]);
  identity = await start();
  await received(sid);
});
