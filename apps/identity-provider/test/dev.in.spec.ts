import { AccessTokenVerifier, scopesOf } from '@facet/auth';
import { AccountOpened } from '@facet/contracts/accounts';
import { Events } from '@facet/events';
import { userIds, type TestDatabase } from '@facet/testing';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tables } from '../src/store/tables.js';
import { demoWorld, identityDatabase, issuer, partner, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let created: unknown;

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database);
  created = (await identity.post('/dev/accounts', demoWorld())).body;
});
afterAll(() => identity.stop());

const token = (request: object) => identity.post('/dev/token', request);
const verify = (audience: string, accessToken: unknown) =>
  new AccessTokenVerifier({ issuer, audience, jwksUri: `${identity.url}/jwks` }).verify(String(accessToken));

describe('POST /dev/token', () => {
  it.each([
    ['mobile-app', 'mobile-bff', 'mobile-app-dev'],
    ['web-app', 'web-bff', 'web-app'],
    ['demo-partner', 'partner-bff', 'demo-partner'],
  ])('at %s gives a token for %s, of the client %s, with all scopes of the role', async (client, audience, speaking) => {
    const { status, headers, body } = await token({ user: 'alice', client });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({ access_token: expect.any(String), expires_in: 3_600 });
    expect(await verify(audience, body.access_token)).toMatchObject({
      subject: userIds.alice,
      kind: 'user',
      client: speaking,
      roles: ['admin'],
      scopes: scopesOf(['admin']),
    });
  });

  it('to who shows a key gives a token of the phone that is bound to it, and nothing for a proof that is none', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const claims = { jti: 'one', htm: 'POST', htu: `${issuer}/dev/token`, iat: Math.floor(Date.now() / 1_000) };
    const show = async (more: object = {}) => {
      const dpop = await new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).sign(privateKey);
      return identity.post('/dev/token', { user: 'alice', client: 'mobile-app' }, { dpop });
    };
    const { body } = await show();
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      aud: 'mobile-bff',
      client_id: 'mobile-app',
      cnf: { jkt: await calculateJwkThumbprint(jwk) },
    });
    for (const wrong of [{ htm: 'GET' }, { htu: `${identity.url}/dev/token` }, { iat: claims.iat - 120 }])
      expect(await show(wrong)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('gives a guest what a guest may have', async () => {
    const { body } = await token({ user: 'gina', client: 'mobile-app' });
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      scope: 'read:messages read:notifications read:rooms',
      permissions: ['message:read', 'notification:read', 'room:read'],
      roles: ['guest'],
    });
  });

  it('gives the scopes that were asked for', async () => {
    const { body } = await token({ user: 'carol', client: 'web-app', scope: 'write:messages read:rooms' });
    expect(await verify('web-bff', body.access_token)).toMatchObject({ scopes: ['read:rooms', 'write:messages'] });
  });

  it('makes a bot of the bot at its own client', async () => {
    const { body } = await token({ user: 'demo-partner-bot', client: 'demo-partner' });
    expect(await verify('partner-bff', body.access_token)).toMatchObject({ subject: partner.botId, kind: 'bot' });
  });

  it.each([
    ['an unknown user', { user: 'mallory', client: 'mobile-app' }],
    ['an unknown client', { user: 'alice', client: 'other-app' }],
    ['a client named like a property of Object', { user: 'alice', client: 'constructor' }],
    ['an unknown scope', { user: 'alice', client: 'mobile-app', scope: 'read:everything' }],
    ['a scope beyond the role', { user: 'gina', client: 'mobile-app', scope: 'write:messages' }],
    ['a scope beyond the role of a moderator', { user: 'bob', client: 'web-app', scope: 'write:settings' }],
    ['a bot at a client that is not its own', { user: 'demo-partner-bot', client: 'mobile-app' }],
  ])('answers 400 to %s', async (_, request) => {
    const { status, headers, body } = await token(request);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'invalid-request', detail: expect.any(String), requestId: expect.any(String) });
  });

  it('answers 422 to a body that does not fit', async () => {
    expect(await token({ user: 'alice' })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/client' }] } });
    expect(await token({ user: 'alice', client: 'mobile-app', admin: true })).toMatchObject({ status: 422 });
  });
});

describe('POST /dev/accounts', () => {
  it('opens what is not there yet, and tells the others once of each', async () => {
    expect(created).toEqual({ created: 6 });
    expect((await identity.post('/dev/accounts', demoWorld())).body).toEqual({ created: 0 });
    await identity.app.get(Events, { strict: false }).flush();
    const events = await database.published(AccountOpened);
    expect(events).toHaveLength(6);
    expect(events).toContainEqual(
      expect.objectContaining({
        accountId: userIds.alice,
        username: 'alice',
        name: 'ALICE',
        email: 'alice@demo.example',
        role: 'admin',
        openedAt: new Date('2026-10-02T12:00:00Z'),
      }),
    );
  });

  it('refuses a partner whose bot is no bot', async () => {
    const mistaken = { accounts: [], partner: { ...partner, botId: userIds.alice } };
    expect(await identity.post('/dev/accounts', mistaken)).toMatchObject({ status: 400 });
  });
});

describe('production', () => {
  it('knows no development endpoint', async () => {
    const production = await startIdentity(await identityDatabase(), 'production');
    for (const path of ['/dev/token', '/dev/accounts']) {
      expect(await production.post(path, { user: 'alice', client: 'mobile-app' })).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      });
    }
    expect((await fetch(`${production.url}/dev/mailbox`)).status).toBe(404);
    await production.stop();
  });

  it('does not start on a database that holds the demo world, and says why in one line', async () => {
    const start = startIdentity(database, 'production');
    await expect(start).rejects.toMatchObject({
      name: 'StartFailure',
      message: expect.stringMatching(/^This database holds the demo world[^\n]*$/),
    });
  });
});
