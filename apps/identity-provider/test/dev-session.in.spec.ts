import { userIds, type TestDatabase } from '@facet/testing';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endEverything, signedInPlaces } from '../src/account/sessions.js';
import type { Tables } from '../src/store/tables.js';
import { clients, redirects, signInAt, webApp } from './clients.js';
import { demoWorld, identityDatabase, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let web: openid.Configuration;

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database, 'development', { CLIENTS: clients });
  await identity.post('/dev/accounts', demoWorld());
  web = await webApp(identity);
});
afterAll(() => identity.stop());

const open = (user: string) => identity.post('/dev/session', { user });
const tokenOf = async (user: string) => String((await open(user)).body.refresh_token);

it('gives web-app what a sign-in gives: a session of its own name, with all that the role allows', async () => {
  const real = await signInAt(identity, web, redirects.web, { login: 'carol' });
  const tokens = await openid.refreshTokenGrant(web, await tokenOf('carol'));
  const [access, usual] = [decodeJwt<Record<string, unknown>>(tokens.access_token), decodeJwt(real.tokens.access_token)];
  expect(Object.keys(access).sort()).toEqual(Object.keys(usual).sort());
  expect(access).toMatchObject({
    sub: userIds.carol,
    aud: 'web-bff',
    client_id: 'web-app',
    acr: 'urn:facet:acr:1',
    sid: expect.any(String),
  });
  expect(access.scope).toContain('write:messages');
  expect(decodeJwt(tokens.id_token!)).toMatchObject({ sub: userIds.carol, sid: access.sid });
});

it('ends as any session does', async () => {
  const token = await tokenOf('bob');
  expect((await signedInPlaces(database.db, userIds.bob)).map(({ kind }) => kind).sort()).toEqual(['application', 'browser']);
  await database.db.transaction().execute((tx) => endEverything(tx, userIds.bob));
  await expect(openid.refreshTokenGrant(web, token)).rejects.toMatchObject({ error: 'invalid_grant' });
});

it('knows people alone', async () => {
  expect((await open('mallory')).status).toBe(400);
  expect((await open('demo-partner-bot')).status).toBe(400);
});

it('is not there in production', async () => {
  const production = await startIdentity(await identityDatabase(), 'production', { CLIENTS: clients });
  expect((await production.post('/dev/session', { user: 'alice' })).status).toBe(404);
  await production.stop();
});
