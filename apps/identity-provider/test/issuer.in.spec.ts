import { AccessTokenVerifier, permissionsOf, scopesOf } from '@facet/auth';
import type { TestDatabase } from '@facet/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tables } from '../src/store/tables.js';
import { askToken, demoWorld, identityDatabase, issuer, partner, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let verifier: AccessTokenVerifier;

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database);
  await identity.post('/dev/accounts', demoWorld());
  verifier = new AccessTokenVerifier({ issuer, audience: 'partner-bff', jwksUri: `${identity.url}/jwks` });
});
afterAll(() => identity.stop());

const get = async (path: string) => {
  const response = await fetch(identity.url + path);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
};

describe('the issuer', () => {
  it.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
    'describes at %s what works and nothing else',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect(status).toBe(200);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(body).toMatchObject({
        issuer,
        jwks_uri: `${issuer}/jwks`,
        token_endpoint: `${issuer}/token`,
        authorization_endpoint: `${issuer}/auth`,
        grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
        code_challenge_methods_supported: ['S256'],
        acr_values_supported: ['urn:facet:acr:1', 'urn:facet:acr:2'],
      });
      expect(body.scopes_supported).toEqual(expect.arrayContaining(scopesOf(['admin'])));
      expect(body.response_types_supported).toEqual(['code', 'none']);
      expect(Object.keys(body)).not.toContain('userinfo_endpoint');
    },
  );

  it('publishes its public keys and never a private part of them', async () => {
    const { body } = await get('/jwks');
    const key = expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: expect.any(String) });
    expect(body.keys).toEqual([key, key]);
    expect(JSON.stringify(body)).not.toContain('"d"');
  });

  it('answers what it does not have, and the wrong method, with a problem', async () => {
    expect(await get('/me')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const { status, headers } = await get('/token');
    expect([status, headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
  });

  it.each([
    ['another content type', 'application/json', '{}', 415],
    ['two megabytes', 'application/x-www-form-urlencoded', `x=${'a'.repeat(2_000_000)}`, 413],
  ])('refuses %s at /token with a problem', async (_, type, body, status) => {
    const response = await fetch(`${identity.url}/token`, { method: 'POST', headers: { 'content-type': type }, body });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, expect.stringContaining('application/problem+json')]);
  });

  it('is healthy', async () => {
    expect((await get('/health/ready')).status).toBe(200);
  });
});

describe('a partner', () => {
  it('gets a token of RFC 9068 for its bot, which its BFF accepts', async () => {
    const { status, headers, body } = await askToken(identity.url, {});
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
    const token = body.access_token as string;
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
    expect(decodeJwt(token)).toMatchObject({
      iss: issuer,
      aud: 'partner-bff',
      sub: partner.botId,
      client_id: 'demo-partner',
      jti: expect.any(String),
      iat: expect.any(Number),
      roles: ['user'],
      permissions: expect.arrayContaining(['message:create', 'room:join']),
      kind: 'bot',
    });
    expect(await verifier.verify(token)).toEqual({
      subject: partner.botId,
      kind: 'bot',
      client: 'demo-partner',
      roles: ['user'],
      scopes: scopesOf(['user']),
      permissions: permissionsOf(['user']),
      token: decodeJwt(token).jti,
      issuedAt: decodeJwt(token).iat,
    });
  });

  it('gets no more than it asks for', async () => {
    const { body } = await askToken(identity.url, { scope: 'read:rooms' });
    expect(body.scope).toBe('read:rooms');
    expect(decodeJwt(body.access_token as string)).toMatchObject({ scope: 'read:rooms', permissions: ['room:read'] });
  });

  it('works with openid-client', async () => {
    const toTest: openid.CustomFetch = (url, options) => fetch(url.replace(issuer, identity.url), options as RequestInit);
    const options = { execute: [openid.allowInsecureRequests], [openid.customFetch]: toTest };
    const config = await openid.discovery(new URL(issuer), partner.clientId, partner.secret, undefined, options);
    const tokens = await openid.clientCredentialsGrant(config, { scope: 'read:rooms read:messages', resource: 'urn:facet:partner-bff' });
    expect(await verifier.verify(tokens.access_token)).toMatchObject({ scopes: ['read:messages', 'read:rooms'] });
  });

  it.each([
    ['a wrong secret', [{}, 'another-secret-of-the-demo-partner-just-as-long'], 401, 'invalid_client'],
    ['the stored hash as secret', [{}, 'hash'], 401, 'invalid_client'],
    ['an unknown client', [{}, partner.secret, 'nobody'], 401, 'invalid_client'],
    ['another BFF as resource', [{ resource: 'urn:facet:web-bff' }], 400, 'invalid_target'],
    ['a grant that is off', [{ grant_type: 'password', username: 'alice', password: 'x' }], 400, 'unsupported_grant_type'],
    ['the code grant, for which it is not registered', [{ grant_type: 'authorization_code', code: 'x' }], 400, 'invalid_request'],
  ] as const)('is refused with an OAuth error for %s', async (_, [form, secret, client], expected, error) => {
    const stored = await database.db.selectFrom('partner').select('secret_hash').executeTakeFirstOrThrow();
    const answer = await askToken(identity.url, form, secret === 'hash' ? stored.secret_hash : secret, client);
    expect([answer.status, answer.body.error]).toEqual([expected, error]);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.has('www-authenticate')).toBe(expected === 401);
  });

  it('whose bot lost rights loses them with the next token', async () => {
    await database.db.updateTable('account').set({ role: 'guest' }).where('id', '=', partner.botId).execute();
    const { body } = await askToken(identity.url, {});
    await database.db.updateTable('account').set({ role: 'user' }).where('id', '=', partner.botId).execute();
    expect(decodeJwt(body.access_token as string)).toMatchObject({
      roles: ['guest'],
      scope: 'read:messages read:notifications read:rooms',
    });
  });

  it('has no secret in the database, only a hash of it', async () => {
    const rows = await database.db.selectFrom('partner').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(partner.secret);
  });
});

describe('the signing keys', () => {
  it('survive a restart, and so do the tokens', async () => {
    const before = await askToken(identity.url, {});
    const again = await startIdentity(database);
    try {
      expect(await (await fetch(`${again.url}/jwks`)).json()).toEqual((await get('/jwks')).body);
      const other = new AccessTokenVerifier({ issuer, audience: 'partner-bff', jwksUri: `${again.url}/jwks` });
      await expect(other.verify(before.body.access_token as string)).resolves.toMatchObject({ subject: partner.botId });
    } finally {
      await again.stop();
    }
  });

  it('are made once by replicas that start at once', async () => {
    const fresh = await identityDatabase();
    const replicas = await Promise.all([1, 2, 3].map(() => startIdentity(fresh)));
    const sets = await Promise.all(replicas.map(async ({ url }) => (await fetch(`${url}/jwks`)).text()));
    await Promise.all(replicas.map((replica) => replica.stop()));
    expect(new Set(sets).size).toBe(1);
    expect(await fresh.db.selectFrom('signing_key').selectAll().execute()).toHaveLength(2);
  });
});
