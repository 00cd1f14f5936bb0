import { generateKeyPairSync, randomBytes, randomUUID, X509Certificate, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scopesOf, thumbprintOf } from '@facet/auth';
import { AccountOpened } from '@facet/contracts/accounts';
import { Revoked } from '@facet/contracts/revocations';
import { Events } from '@facet/events';
import { selfSigned, userIds, type SelfSigned, type TestDatabase } from '@facet/testing';
import { decodeJwt, SignJWT } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signedInPlaces } from '../src/account/sessions.js';
import { AuditTrail } from '../src/audit/audit-trail.js';
import { Vault } from '../src/keys/vault.js';
import { PartnerKeys } from '../src/partner-keys/partner-keys.js';
import { verifyKey } from '../src/partner-keys/verify-key.js';
import type { Tables } from '../src/store/tables.js';
import { runCommand } from '../src/upkeep/run-command.js';
import { ask, browserAt, enter, redirects } from './clients.js';
import { askToken, demoWorld, encryptionKeys, identityDatabase, issuer, rootKey, startIdentity, type Identity } from './start-identity.js';

const partnerUrl = 'https://partners.identity.test';
const settings = { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey };
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' });

let folder: string;
let database: TestDatabase<Tables>;
let identity: Identity;
let replica: Identity;
let acme: SelfSigned;
let thief: SelfSigned;

const file = async (name: string, content: unknown) => {
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
};
const command = (name: string, ...options: string[]) => runCommand(name, database.db, settings, options);
const secretIn = (told: string) => /: (\S{43})$/.exec(told)?.[1] ?? '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partners-'));
  [acme, thief] = [await selfSigned('acme'), await selfSigned('thief')];
  const own = await selfSigned('identity.test');
  const tls = {
    PARTNER_TLS_PORT: 0,
    PARTNER_TLS_CERT_FILE: await file('cert.pem', own.cert),
    PARTNER_TLS_KEY_FILE: await file('key.pem', own.key),
  };
  database = await identityDatabase();
  [identity, replica] = await Promise.all([
    startIdentity(database, 'development', { ...tls, PARTNER_TLS_URL: partnerUrl }),
    startIdentity(database, 'production', { CLIENT_CERT_PROXIES: ['127.0.0.1'], PARTNER_TLS_URL: partnerUrl }),
  ]);
  await identity.post('/dev/accounts', demoWorld());
  const keys = await file('keys.json', { keys: [jwkOf(pair.publicKey, 'k1')] });
  await command('create-partner', '--client', 'acme', '--name', 'Acme', '--jwks', keys);
  await command('create-partner', '--client', 'bound', '--name', 'Bound', '--jwks', keys, '--certificate-bound');
  const people = ['--redirect-uri', redirects.partner, '--pushed-requests'];
  await command('create-partner', '--client', 'pushing', '--name', 'Pushing', '--jwks', keys, ...people);
});
afterAll(async () => {
  await Promise.all([identity.stop(), replica.stop()]);
  await rm(folder, { recursive: true });
});

const assertion = (client: string, claims: object = {}, key = pair.privateKey, kid = 'k1') => {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ iss: client, sub: client, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(key);
};
const formOf = (client_assertion: string) =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion,
  });
const prove = async (at: Identity, client_assertion: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${at.url}/token`, { method: 'POST', body: formOf(client_assertion), headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

describe('a partner with keys', () => {
  it('gets a token for the bot that it was registered with', async () => {
    const { status, body } = await prove(identity, await assertion('acme'));
    expect(status).toBe(200);
    const bot = await database.db.selectFrom('account').selectAll().where('username', '=', 'acme-bot').executeTakeFirstOrThrow();
    expect(decodeJwt(body.access_token!)).toMatchObject({
      sub: bot.id,
      client_id: 'acme',
      aud: 'partner-bff',
      kind: 'bot',
      roles: ['user'],
    });
    expect(bot).toMatchObject({ kind: 'bot', name: 'Acme', role: 'user' });
  });

  it('is refused with an assertion that was used, at whichever replica, also at the same moment', async () => {
    const once = await assertion('acme');
    const answers = await Promise.all([identity, replica, identity, replica].map((at) => prove(at, once)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    expect(await prove(replica, once)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it.each([
    ['for somebody else', { aud: 'https://other.test' }],
    ['for nobody', { aud: undefined }],
    ['that has expired', { exp: Math.floor(Date.now() / 1_000) - 120 }],
    ['that never expires', { exp: undefined }],
    ['that is not named', { jti: undefined }],
    ['that another issued', { iss: 'bound' }],
  ])('is refused with an assertion %s', async (_, claims) => {
    expect(await prove(identity, await assertion('acme', claims))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('is refused with a key that is not its own, or the secret that it never had', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await prove(identity, await assertion('acme', {}, privateKey))).toMatchObject({ status: 401 });
    const { secret_hash } = await database.db.selectFrom('partner').selectAll().where('client_id', '=', 'acme').executeTakeFirstOrThrow();
    expect(await askToken(identity.url, {}, secret_hash, 'acme')).toMatchObject({ status: 401 });
  });

  it('takes another key beside the one it has, and then instead of it', async () => {
    const next = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = [jwkOf(pair.publicKey, 'k1'), jwkOf(next.publicKey, 'k2')];
    await command('change-partner', '--client', 'acme', '--jwks', await file('both.json', { keys }));
    for (const proof of [await assertion('acme'), await assertion('acme', {}, next.privateKey, 'k2')]) {
      expect(await prove(replica, proof)).toMatchObject({ status: 200 });
    }
    await command('change-partner', '--client', 'acme', '--jwks', await file('next.json', { keys: keys.slice(1) }));
    expect(await prove(replica, await assertion('acme'))).toMatchObject({ status: 401 });
    await command('change-partner', '--client', 'acme', '--jwks', await file('keys.json', { keys: keys.slice(0, 1) }));
  });
});

/** Over the listener for certificates; everything else says the issuer's own name. */
const overTls =
  (shown: Partial<SelfSigned>): openid.CustomFetch =>
  (url, { method, headers, body }) => {
    if (!url.startsWith(partnerUrl)) return fetch(url.replace(issuer, identity.url), { method, headers, body: body as string });
    const target = new URL(identity.listening['https'] + new URL(url).pathname);
    return new Promise((resolve, reject) => {
      const asked = request(target, { method, headers, ...shown, rejectUnauthorized: false, agent: false }, (answer) => {
        let text = '';
        answer.on('data', (piece) => (text += String(piece)));
        answer.on('end', () =>
          resolve(new Response(text, { status: answer.statusCode!, headers: { 'content-type': 'application/json' } })),
        );
      });
      asked.on('error', reject).end(String(body));
    });
  };

async function client(id: string, send: openid.CustomFetch = overTls({})): Promise<openid.Configuration> {
  const { privateKey } = pair;
  const key = await crypto.subtle.importKey('jwk', privateKey.export({ format: 'jwk' }), { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ]);
  const proof = openid.PrivateKeyJwt({ key, kid: 'k1' });
  return openid.discovery(new URL(issuer), id, { use_mtls_endpoint_aliases: true }, proof, { [openid.customFetch]: send });
}

describe('a partner whose tokens are bound to its certificate', () => {
  const thumbprint = ({ cert }: SelfSigned) => thumbprintOf(new X509Certificate(cert));
  const headerOf = ({ cert }: SelfSigned) => ({ 'client-cert': `:${new X509Certificate(cert).raw.toString('base64')}:` });

  it('finds where to go, and gets a token that is bound to the certificate that it shows there', async () => {
    const config = await client('bound', overTls(acme));
    expect(config.serverMetadata()).toMatchObject({
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: { token_endpoint: `${partnerUrl}/token`, pushed_authorization_request_endpoint: `${partnerUrl}/request` },
    });
    const { access_token } = await openid.clientCredentialsGrant(config);
    expect(decodeJwt(access_token)).toMatchObject({ iss: issuer, client_id: 'bound', cnf: { 'x5t#S256': thumbprint(acme) } });
  });

  it('gets none without one, and none by a header that it writes itself', async () => {
    await expect(openid.clientCredentialsGrant(await client('bound'))).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await prove(identity, await assertion('bound'), headerOf(acme))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('gets one behind a proxy that ends TLS and is named', async () => {
    const { status, body } = await prove(replica, await assertion('bound'), headerOf(thief));
    expect([status, decodeJwt(body.access_token!).cnf]).toEqual([200, { 'x5t#S256': thumbprint(thief) }]);
    expect(await prove(replica, await assertion('bound'))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('is one again like others when it is no more registered so', async () => {
    await command('change-partner', '--client', 'bound', '--no-certificate-bound');
    expect(decodeJwt((await prove(identity, await assertion('bound'))).body.access_token!).cnf).toBeUndefined();
    await command('change-partner', '--client', 'bound', '--certificate-bound');
  });

  it('is told nowhere where nobody can show a certificate', async () => {
    const plain = await startIdentity(database);
    const metadata = await (await fetch(`${plain.url}/.well-known/openid-configuration`)).json();
    expect(Object.keys(metadata as object).filter((name) => name.includes('tls'))).toEqual([]);
    expect(await prove(plain, await assertion('bound'))).toMatchObject({ status: 400 });
    await plain.stop();
  });
});

describe('a partner that must push its requests', () => {
  it('sends people with a pushed request, once, and with no other', async () => {
    const config = await client('pushing');
    const { url, checks } = await ask(config, redirects.partner, { scope: 'openid read:rooms' });
    const direct = new URL((await browserAt(identity).get(url)).url);
    expect(direct.searchParams.get('error')).toBe('invalid_request');

    const pushed = await openid.buildAuthorizationUrlWithPAR(config, Object.fromEntries(new URL(url).searchParams));
    expect([...pushed.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const [first, second] = [browserAt(identity), browserAt(identity)];
    const asked = await first.submit(await enter(first, await first.get(pushed.href)), '/consent', { decision: 'allow' });
    const tokens = await openid.authorizationCodeGrant(config, new URL(asked.url), checks);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ client_id: 'pushing', kind: 'user', scope: 'read:rooms' });

    const again = await second.get(pushed.href);
    const came = again.status === 200 ? await second.submit(await enter(second, again), '/consent', { decision: 'allow' }) : again;
    expect([came.status, came.url.startsWith(issuer)]).toEqual([400, true]);
  });

  it('must prove itself to push one', async () => {
    const answer = await fetch(`${identity.url}/request`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'pushing', response_type: 'code', redirect_uri: redirects.partner, scope: 'openid' }),
    });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([401, 'invalid_client']);
  });
});

describe('who let a partner act for him', () => {
  it('takes it back on the account page: its tokens are over, it gets no others, and has to ask again', async () => {
    const keys = await file('keys.json', { keys: [jwkOf(pair.publicKey, 'k1')] });
    await command('create-partner', '--client', 'planner', '--name', 'Planner', '--jwks', keys, '--redirect-uri', redirects.partner);
    const config = await client('planner');
    const { url, checks } = await ask(config, redirects.partner, { scope: 'openid offline_access read:rooms', prompt: 'consent' });
    const browser = browserAt(identity);
    const allowed = await browser.submit(await enter(browser, await browser.get(url), 'bob'), '/consent', { decision: 'allow' });
    const tokens = await openid.authorizationCodeGrant(config, new URL(allowed.url), checks);
    const caller = decodeJwt<{ sid: string }>(tokens.access_token);
    expect(caller).toMatchObject({ sub: userIds.bob, kind: 'user', client_id: 'planner', aud: 'partner-bff', scope: 'read:rooms' });

    const { body } = await browser.get(`${issuer}/account`);
    const { id } = (await signedInPlaces(database.db, userIds.bob)).find(({ clientId }) => clientId === 'planner')!;
    await browser.post(`${issuer}/account/end`, { form_token: /name="form_token" value="([^"]+)"/.exec(body)![1]!, id });

    await identity.app.get(Events, { strict: false }).flush();
    expect((await database.published(Revoked)).map(({ what }) => what)).toContainEqual({ $case: 'session', value: caller.sid });
    await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
    const again = await browser.get((await ask(config, redirects.partner, { scope: 'openid read:rooms' })).url);
    expect(again.body).toContain('Let Planner act for you?');
  });
});

describe('what somebody says of where he comes from', () => {
  const refusedFrom = async (at: Identity, address: string) => {
    const headers = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` };
    await prove(at, await assertion('acme', { aud: 'https://other.test' }), headers);
    const [line] = (await command('audit', '--event', 'client-authentication', '--limit', '1')).split('\n');
    return (JSON.parse(line!) as { address: string }).address;
  };

  it('is not in the trail, but what a proxy says that is believed', async () => {
    const behind = await startIdentity(database, 'development', { TRUSTED_PROXIES: ['127.0.0.1'] });
    expect(await refusedFrom(identity, '203.0.113.9')).toBe('127.0.0.1');
    expect(await refusedFrom(behind, '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    await behind.stop();
  });
});

describe('the commands', () => {
  it('give a secret once, and another one in its place', async () => {
    const first = secretIn(
      await command('create-partner', '--client', 'secretive', '--name', 'Secretive', '--secret', '--scopes', 'read:rooms read:users'),
    );
    expect((await askToken(identity.url, {}, first, 'secretive')).body).toMatchObject({ scope: 'read:rooms read:users' });
    const second = secretIn(await command('change-partner', '--client', 'secretive', '--secret', '--no-scopes'));
    expect((await askToken(identity.url, {}, first, 'secretive')).status).toBe(401);
    expect((await askToken(identity.url, {}, second, 'secretive')).body).toMatchObject({ scope: scopesOf(['user']).join(' ') });
    expect(JSON.stringify(await database.db.selectFrom('partner').selectAll().execute())).not.toContain(second);
  });

  it('take from its keys what they take from a partner', async () => {
    await command('create-partner', '--client', 'keyed', '--name', 'Keyed', '--secret');
    const key = await command('create-key', '--client', 'keyed', '--name', 'Export', '--scopes', 'read:rooms read:users');
    const vault = new Vault(encryptionKeys);
    const keys = new PartnerKeys(database.db, new AuditTrail(vault, rootKey), { ROOT_KEY: rootKey, FACET_ENV: 'production' });
    await command('change-partner', '--client', 'keyed', '--scopes', 'read:rooms write:rooms');
    expect((await verifyKey(keys, key)).key).toMatchObject({ scopes: ['read:rooms'] });
  });

  it('tell what is registered, without secrets', async () => {
    const partners = (await command('list-partners')).split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(partners.map(({ clientId }) => clientId)).toEqual(expect.arrayContaining(['acme', 'bound', 'demo-partner', 'pushing']));
    expect(partners.find(({ clientId }) => clientId === 'pushing')).toMatchObject({
      ...{ name: 'Pushing', bot: 'pushing-bot', role: 'user', authentication: 'keys', keys: ['k1'], scopes: null },
      ...{ redirectUris: [redirects.partner], pushedRequests: true, certificateBound: false },
    });
  });

  it('leave a trail', async () => {
    const lines = (await command('audit')).split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'partner-registered', clientId: 'bound' }),
        expect.objectContaining({ event: 'partner-changed', clientId: 'bound' }),
      ]),
    );
  });

  it('tell the others of the bot', async () => {
    const opened = async () => (await database.published(AccountOpened)).map(({ username }) => username);
    await vi.waitUntil(async () => (await opened()).includes('acme-bot'), 10_000);
  });

  it.each([
    [['--client', 'mobile-app'], '--client is one of our own'],
    [['--client', 'X'], '--client is 3 to 63'],
    [['--name', ''], '--name is what people read'],
    [['--name', 'a\u0007'], '--name is what people read'],
    [['--role', 'king'], '--role is no role'],
    [['--scopes', 'read:rooms write:everything'], '--scopes: write:everything'],
    [['--scopes', ''], '--scopes: there is none'],
    [['--role', 'guest', '--scopes', 'write:messages'], '--scopes: write:messages'],
    [['--redirect-uri', 'http://partner.test/'], '--redirect-uri: http://partner.test/'],
    [['--redirect-uri', 'http://localhost/callback'], '--redirect-uri: http://localhost/callback'],
    [['--redirect-uri', 'https://partner.test/#x'], '--redirect-uri'],
    [['--redirect-uri', 'https://*.partner.test/'], '--redirect-uri'],
    [['--redirect-uri', 'https://PARTNER.test/'], '--redirect-uri'],
    [['--redirect-uri', 'https://x@partner.test/'], '--redirect-uri'],
    [['--redirect-uri', 'nowhere'], '--redirect-uri'],
    [['--pushed-requests'], '--pushed-requests'],
    [['--bot', 'alice'], 'The username alice is taken'],
    [['--bot', 'A'], '--bot is 3 to 64'],
    [['--jwks', 'x.json'], 'only one'],
    [['--colour', 'red'], '--colour'],
  ])('refuse %j', async (options, text) => {
    await expect(command('create-partner', '--client', 'new-one', '--name', 'New', '--secret', ...options)).rejects.toThrow(text);
    expect(await database.db.selectFrom('partner').select('client_id').where('client_id', '=', 'new-one').execute()).toEqual([]);
  });

  it.each([
    ['a private key', () => ({ keys: [jwkOf(pair.privateKey, 'k')] })],
    ['a key that two could have', () => ({ keys: [{ kty: 'oct', k: randomBytes(32).toString('base64url') }] })],
    ['a short key', () => ({ keys: [jwkOf(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey, 'k')] })],
    ['no key', () => ({ keys: [] })],
    ['half a key', () => ({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AA' }] })],
    ['two keys of one name', () => ({ keys: [jwkOf(pair.publicKey, 'k'), jwkOf(pair.publicKey, 'k')] })],
    ['nonsense', () => '{'],
  ])('refuse %s', async (_, content) => {
    const jwks = await file('wrong.json', content());
    await expect(command('create-partner', '--client', 'new-one', '--name', 'New', '--jwks', jwks)).rejects.toThrow('--jwks');
  });

  it('refuse a partner that is there already, and the change of one that is not', async () => {
    await expect(command('create-partner', '--client', 'acme', '--name', 'Acme', '--secret', '--bot', 'other-bot')).rejects.toThrow(
      'already',
    );
    await expect(command('change-partner', '--client', 'nobody', '--secret')).rejects.toThrow('There is no partner nobody');
    await database.db.updateTable('partner').set({ revoked_at: new Date() }).where('client_id', '=', 'demo-partner').execute();
    await expect(command('change-partner', '--client', 'demo-partner', '--secret')).rejects.toThrow('revoked');
    await expect(command('change-partner', '--client', 'acme')).rejects.toThrow('change-partner --client id [options]');
  });

  it('take an address of this machine in development', async () => {
    const options = ['--client', 'local', '--name', 'Local', '--secret', '--redirect-uri', 'http://localhost:3000/callback'];
    await runCommand('create-partner', database.db, { ...settings, FACET_ENV: 'development' }, options);
  });

  it.each(['create-partner', 'change-partner', 'list-partners'])('%s says how it is used', async (name) => {
    expect(await command(name, '--help')).toContain(name);
  });
});
