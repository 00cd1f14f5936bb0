import { AccessTokenVerifier } from '@facet/auth';
import { userIds, type TestDatabase } from '@facet/testing';
import { calculateJwkThumbprint, decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tables } from '../src/store/tables.js';
import { ask, browserAt, clients, enter, mobileApp, partnerApp, redirects, signInAt, webApp } from './clients.js';
import { demoWorld, identityDatabase, issuer, partner, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let web: openid.Configuration;
let mobile: openid.Configuration;

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database, 'development', { CLIENTS: clients });
  await identity.post('/dev/accounts', demoWorld());
  [web, mobile] = await Promise.all([webApp(identity), mobileApp(identity)]);
});
afterAll(() => identity.stop());

const phone = async () => openid.getDPoPHandle(mobile, await openid.randomDPoPKeyPair('ES256'));
const claimsOf = (tokens: { access_token: string }) => decodeJwt<Record<string, unknown>>(tokens.access_token);

describe('the web application', () => {
  it('gets tokens for who signed in, of the shape that /dev/token gives, and its BFF accepts them', async () => {
    const { tokens } = await signInAt(identity, web, redirects.web);
    expect(tokens.token_type).toBe('bearer');
    expect(tokens.claims()).toMatchObject({ sub: userIds.alice, acr: 'urn:facet:acr:1', amr: ['pwd'], auth_time: expect.any(Number) });
    expect(claimsOf(tokens)).toMatchObject({
      iss: issuer,
      aud: 'web-bff',
      sub: userIds.alice,
      client_id: 'web-app',
      scope: 'read:rooms write:messages',
      kind: 'user',
      roles: ['admin'],
      permissions: expect.arrayContaining(['room:read', 'message:create']),
      sid: expect.any(String),
      acr: 'urn:facet:acr:1',
      amr: ['pwd'],
      auth_time: expect.any(Number),
    });
    const verifier = new AccessTokenVerifier({ issuer, audience: 'web-bff', jwksUri: `${identity.url}/jwks` });
    expect(await verifier.verify(tokens.access_token)).toMatchObject({
      subject: userIds.alice,
      client: 'web-app',
      session: claimsOf(tokens).sid,
    });
  });

  it('keeps its refresh token: one that is used twice is no theft, since a crash must sign nobody out', async () => {
    const { tokens } = await signInAt(identity, web, redirects.web);
    const first = await openid.refreshTokenGrant(web, tokens.refresh_token!);
    const second = await openid.refreshTokenGrant(web, tokens.refresh_token!);
    expect([first.refresh_token, second.refresh_token]).toEqual([tokens.refresh_token, tokens.refresh_token]);
    expect(claimsOf(second)).toMatchObject({ sid: claimsOf(tokens).sid, auth_time: claimsOf(tokens).auth_time, acr: 'urn:facet:acr:1' });
  });

  it('asks nobody twice in one browser, and has a new code for each time', async () => {
    const { browser } = await signInAt(identity, web, redirects.web);
    const { tokens } = await signInAt(identity, web, redirects.web, { browser });
    expect(tokens.claims()!.sub).toBe(userIds.alice);
  });

  it('loses its refresh token when the person signs out', async () => {
    const { browser, tokens } = await signInAt(identity, web, redirects.web);
    const page = await browser.get(
      `${issuer}/session/end?id_token_hint=${tokens.id_token}&post_logout_redirect_uri=https://web.test/&state=s1`,
    );
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining('https://web.test')]);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.body)![1]!;
    expect((await browser.post(`${issuer}/session/end/confirm`, { xsrf, logout: 'yes' })).url).toBe('https://web.test/?state=s1');
    await expect(openid.refreshTokenGrant(web, tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('gets no code twice for one, and a second use ends what came of the first', async () => {
    const { tokens, back, checks } = await signInAt(identity, web, redirects.web);
    await expect(openid.authorizationCodeGrant(web, new URL(back.url), checks)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(openid.refreshTokenGrant(web, tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('must know the verifier, and nobody without its key uses its code', async () => {
    const { url, checks } = await ask(web, redirects.web);
    const browser = browserAt(identity);
    const back = new URL((await enter(browser, await browser.get(url))).url);
    await expect(openid.authorizationCodeGrant(mobile, back, checks, undefined, { DPoP: await phone() })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const other = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    await expect(openid.authorizationCodeGrant(web, back, other)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['the audience of another', { resource: 'urn:facet:mobile-bff' }, 'invalid_target'],
    ['the implicit flow', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
  ])('is refused with %s', async (_, more, error) => {
    const { url } = await ask(web, redirects.web, more);
    const back = await browserAt(identity).get(url.replace(/code_challenge(_method)?=&/g, ''));
    expect(new URL(back.url.replace('#', '?')).searchParams.get('error')).toBe(error);
  });

  it.each(['https://web.test/bff/callback/', 'https://web.test/bff/callback?x=1', 'https://evil.test/', 'http://web.test/bff/callback'])(
    'is never sent to %s',
    async (redirect) => {
      const { url } = await ask(web, redirect);
      const page = await browserAt(identity).get(url);
      expect([page.status, page.url.startsWith(issuer), page.headers.get('content-type')]).toEqual([400, true, 'text/html; charset=utf-8']);
    },
  );

  it('can push its request first', async () => {
    const { url, checks } = await ask(web, redirects.web);
    const pushed = await openid.buildAuthorizationUrlWithPAR(web, Object.fromEntries(new URL(url).searchParams));
    expect(pushed.searchParams.get('request_uri')).toMatch(/^urn:/);
    const browser = browserAt(identity);
    const back = await enter(browser, await browser.get(pushed.href));
    expect((await openid.authorizationCodeGrant(web, new URL(back.url), checks)).claims()!.sub).toBe(userIds.alice);
  });
});

describe('the phone', () => {
  it('gets tokens that are bound to its key, and no BFF takes them as plain bearer', async () => {
    const dpop = await phone();
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop });
    expect(tokens.token_type).toBe('dpop');
    expect(claimsOf(tokens)).toMatchObject({ aud: 'mobile-bff', cnf: { jkt: await dpop.calculateThumbprint() }, sid: expect.any(String) });
    const verifier = new AccessTokenVerifier({ issuer, audience: 'mobile-bff', jwksUri: `${identity.url}/jwks` });
    await expect(verifier.verify(tokens.access_token)).rejects.toThrow();
  });

  it('gets nothing without a proof, without a nonce of ours, or with a proof that was used', async () => {
    const { url, checks } = await ask(mobile, redirects.mobile);
    const browser = browserAt(identity);
    const back = new URL((await enter(browser, await browser.get(url))).url);
    await expect(openid.authorizationCodeGrant(mobile, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
    const proofs: string[] = [];
    const recording = await recordingPhone(proofs);
    await signInAt(identity, recording.config, redirects.mobile, { dpop: recording.dpop });
    expect(proofs).toHaveLength(2);
    expect([decodeJwt(proofs[0]!).nonce, decodeJwt(proofs[1]!).nonce]).toEqual([undefined, expect.any(String)]);
    const replayed = await fetch(`${identity.url}/token`, {
      method: 'POST',
      headers: { dpop: proofs[1]! },
      body: new URLSearchParams({
        client_id: 'mobile-app',
        grant_type: 'authorization_code',
        code: back.searchParams.get('code')!,
        redirect_uri: redirects.mobile,
        code_verifier: checks.pkceCodeVerifier,
      }),
    });
    expect([replayed.status, await replayed.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
  });

  it('has another refresh token after each use, bound to the same key; another key gets nothing', async () => {
    const dpop = await phone();
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop });
    await expect(openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: await phone() })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const next = await openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop });
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect(claimsOf(next)).toMatchObject({ cnf: { jkt: await dpop.calculateThumbprint() }, sid: claimsOf(tokens).sid });
  });

  it('may repeat a refresh within ten seconds and gets the same answer, whichever replica it asks', async () => {
    const dpop = await phone();
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop });
    const other = await startIdentity(database, 'development', { CLIENTS: clients });
    const first = await openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop });
    const again = await openid.refreshTokenGrant(await mobileApp(other), tokens.refresh_token!, undefined, { DPoP: dpop });
    expect([again.access_token, again.refresh_token]).toEqual([first.access_token, first.refresh_token]);
    await openid.refreshTokenGrant(mobile, first.refresh_token!, undefined, { DPoP: dpop });
    await other.stop();
  });

  it('gets one answer for ten equal refreshes at once', async () => {
    const dpop = await phone();
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop })),
    );
    expect(new Set(answers.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    await openid.refreshTokenGrant(mobile, answers[0]!.refresh_token!, undefined, { DPoP: dpop });
  });

  it.each([
    ['asks for something else', { scope: 'openid' }, 0],
    ['comes later', {}, 12],
  ])('ends the whole family when a used refresh token %s', async (_, parameters, secondsLater) => {
    const dpop = await phone();
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop });
    const next = await openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop });
    const earlier = new Date(Date.now() - secondsLater * 1_000);
    if (secondsLater)
      await database.db.updateTable('oidc_state').set({ consumed_at: earlier }).where('consumed_at', 'is not', null).execute();
    await expect(openid.refreshTokenGrant(mobile, tokens.refresh_token!, parameters, { DPoP: dpop })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(openid.refreshTokenGrant(mobile, next.refresh_token!, undefined, { DPoP: dpop })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('whose owner lost rights loses them with the next token', async () => {
    const dpop = await phone();
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop, login: 'dave' });
    await database.db.updateTable('account').set({ role: 'guest' }).where('id', '=', userIds.dave).execute();
    const next = await openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop });
    expect(claimsOf(next)).toMatchObject({ roles: ['guest'], scope: 'read:rooms' });
    await database.db.updateTable('account').set({ role: 'user', status: 'locked' }).where('id', '=', userIds.dave).execute();
    await expect(openid.refreshTokenGrant(mobile, next.refresh_token!, undefined, { DPoP: dpop })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await database.db.updateTable('account').set({ status: 'active' }).where('id', '=', userIds.dave).execute();
  });

  it('can give its refresh token back', async () => {
    const dpop = await phone();
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop });
    await openid.tokenRevocation(mobile, tokens.refresh_token!);
    await expect(openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  async function recordingPhone(proofs: string[]) {
    const config = await mobileApp(identity);
    const send = config[openid.customFetch]!;
    config[openid.customFetch] = (url, options) => {
      const proof = new Headers(options.headers as Record<string, string>).get('dpop');
      if (proof) proofs.push(proof);
      return send(url, options);
    };
    return { config, dpop: openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256')) };
  }
});

describe('a partner that people let act for them', () => {
  beforeAll(() =>
    database.db
      .updateTable('partner')
      .set({ redirect_uris: [redirects.partner] })
      .execute(),
  );

  it('asks them first, and may then do what they allowed, within its own rights and theirs', async () => {
    const config = await partnerApp(identity);
    const { url, checks } = await ask(config, redirects.partner, {
      scope: 'openid offline_access read:rooms write:rooms',
      prompt: 'consent',
    });
    const browser = browserAt(identity);
    const page = await enter(browser, await browser.get(url), 'gina');
    expect(page.body).toContain('Let Demo Partner act for you?');
    for (const text of ['see your rooms', 'create, join and leave rooms', 'do this also while you are away', 'GINA'])
      expect(page.body).toContain(text);
    const back = await browser.submit(page, '/consent', { decision: 'allow' });
    const tokens = await openid.authorizationCodeGrant(config, new URL(back.url), checks);
    expect(claimsOf(tokens)).toMatchObject({
      sub: userIds.gina,
      kind: 'user',
      aud: 'partner-bff',
      client_id: partner.clientId,
      scope: 'read:rooms',
      roles: ['guest'],
    });
    expect(tokens.refresh_token).toBeDefined();
  });

  it('gets nothing where they do not', async () => {
    const config = await partnerApp(identity);
    const { url } = await ask(config, redirects.partner);
    const browser = browserAt(identity);
    const page = await enter(browser, await browser.get(url), 'bob');
    const back = await browser.submit(page, '/consent', { decision: 'deny' });
    expect(new URL(back.url).searchParams.get('error')).toBe('access_denied');
  });
});

it('an ES256 key thumbprint is what DPoP binds to', async () => {
  const pair = await openid.randomDPoPKeyPair('ES256', { extractable: true });
  const handle = openid.getDPoPHandle(mobile, pair);
  expect(await handle.calculateThumbprint()).toBe(await calculateJwkThumbprint(await crypto.subtle.exportKey('jwk', pair.publicKey)));
});
