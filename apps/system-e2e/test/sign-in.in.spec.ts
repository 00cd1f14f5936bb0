import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { Pages, type Page } from '../src/pages.js';
import { until } from '../src/person.js';
import { runCommand } from '../src/running-facet.js';

const demo = inject('demo');
const installation = { home: inject('home'), portOffset: inject('portOffset'), databaseUrl: inject('databaseUrl') };
const { identity, web, mobile, partner } = demo.urls;
const home = new URL(`${mobile}/v1/home`);
const revokedWithinMs = 1_000;

const signIn = (pages: Pages, page: Page, login: string) => pages.send(page, '/sign-in', { login, password: 'facet-demo' });
const discover = (client: string, proof: openid.ClientAuth) =>
  openid.discovery(new URL(identity), client, undefined, proof, { execute: [openid.allowInsecureRequests] });

describe('a phone', () => {
  let app: openid.Configuration;
  beforeAll(async () => {
    app = await discover('mobile-app', openid.None());
  });

  /** Signs somebody in by code + PKCE, with a key of the phone's own. */
  async function phoneOf(login: string) {
    const key = openid.getDPoPHandle(app, await openid.randomDPoPKeyPair('ES256'));
    const [verifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
    const url = openid.buildAuthorizationUrl(app, {
      redirect_uri: 'com.facet.app:/callback',
      scope: 'openid offline_access read:users read:rooms read:messages read:notifications',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    });
    const pages = new Pages();
    const back = await signIn(pages, await pages.open(url.href), login);
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    return { key, pages, tokens: await openid.authorizationCodeGrant(app, new URL(back.url), checks, undefined, { DPoP: key }) };
  }
  const read = (token: string, key?: openid.DPoPHandle) =>
    openid.fetchProtectedResource(app, token, home, 'GET', undefined, undefined, key && { DPoP: key });
  const statusOf = (token: string, key?: openid.DPoPHandle) =>
    read(token, key).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof openid.WWWAuthenticateChallengeError ? error.status : Promise.reject(error)),
    );

  it('holds a token that is of no use without its key', async () => {
    const { key, tokens } = await phoneOf('carol');
    expect(tokens.token_type).toBe('dpop');
    expect(await statusOf(tokens.access_token, key)).toBe(200);
    expect(await statusOf(tokens.access_token)).toBe(401);
    const stolen = openid.getDPoPHandle(app, await openid.randomDPoPKeyPair('ES256'));
    expect(await statusOf(tokens.access_token, stolen)).toBe(401);
  });

  it('has another refresh token each time; one that comes again later ends all that came of the sign-in', async () => {
    const { key, tokens } = await phoneOf('dave');
    const refreshed = await openid.refreshTokenGrant(app, tokens.refresh_token!, undefined, { DPoP: key });
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await statusOf(refreshed.access_token, key)).toBe(200);
    const reused = openid.refreshTokenGrant(app, tokens.refresh_token!, { scope: 'openid' }, { DPoP: key });
    await expect(reused).rejects.toMatchObject({ error: 'invalid_grant' });
    const newest = openid.refreshTokenGrant(app, refreshed.refresh_token!, undefined, { DPoP: key });
    await expect(newest).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(
      await until(
        () => statusOf(refreshed.access_token, key),
        (status) => status === 401,
        revokedWithinMs,
      ),
    ).toBe(401);
  });

  it('is a device on the account page, and signed out from there', async () => {
    const { key, pages, tokens } = await phoneOf('bob');
    const account = await pages.open(`${identity}/account`);
    const device = /<strong>Facet \(phone\)<\/strong>[\s\S]*?name="id" value="([^"]+)"/.exec(account.body)?.[1];
    await pages.send(account, '/account/end', { id: device ?? expect.fail(account.body) });
    expect(
      await until(
        () => statusOf(tokens.access_token, key),
        (status) => status === 401,
        revokedWithinMs,
      ),
    ).toBe(401);
  });
});

describe('a browser', () => {
  const user = (cookie: string) =>
    fetch(`${web}/bff/user`, { headers: { cookie, 'x-csrf': '1' }, redirect: 'manual', signal: AbortSignal.timeout(5_000) });

  it('is sent to the issuer, comes back with a cookie, and sees no token', async () => {
    const pages = new Pages();
    const page = await pages.open(`${web}/bff/login?returnTo=/graphql`);
    expect(page.url).toContain(identity);
    const landed = await signIn(pages, page, 'alice');
    expect(landed.url).toBe(`${web}/graphql`);
    const answer = await user(pages.cookie);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      claims: { sub: demo.users['alice']!.id },
      logoutUrl: expect.stringMatching(/^\/bff\/logout/),
    });
    expect(`${text} ${pages.cookie}`).not.toMatch(/eyJ[A-Za-z0-9_-]+\.eyJ/);
  });

  it('is signed out here when the person signs out at the issuer', async () => {
    const pages = new Pages();
    await signIn(pages, await pages.open(`${web}/bff/login?returnTo=/graphql`), 'carol');
    expect((await user(pages.cookie)).status).toBe(200);
    await pages.send(await pages.open(`${identity}/session/end`), '/session/end/confirm', { logout: 'yes' });
    const gone = await until(
      () => user(pages.cookie),
      ({ status }) => status === 401,
      revokedWithinMs,
    );
    expect(gone.status).toBe(401);
  });

  it('is signed out at the issuer when the person signs out here', async () => {
    const pages = new Pages();
    await signIn(pages, await pages.open(`${web}/bff/login?returnTo=/graphql`), 'dave');
    const { logoutUrl } = (await (await user(pages.cookie)).json()) as { logoutUrl: string };
    const leaving = await pages.open(web + logoutUrl);
    expect(leaving.url).toContain(`${identity}/session/end`);
    expect((await user(pages.cookie)).status).toBe(401);
    await pages.send(leaving, '/session/end/confirm', { logout: 'yes' });
    expect((await pages.open(`${web}/bff/login?returnTo=/graphql`)).url).toContain(`${identity}/interaction/`);
  });
});

describe('a partner', () => {
  it('gets a token by a key of its own, and nobody without the key does', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const file = join(mkdtempSync(join(tmpdir(), 'facet-partner-')), 'jwks.json');
    writeFileSync(file, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }] }));
    const name = `keyed-partner-${Date.now()}`;
    const made = await runCommand(
      installation,
      'identity',
      'create-partner',
      '--client',
      name,
      '--name',
      'Keyed',
      '--bot',
      `${name}-bot`,
      '--jwks',
      file,
    );
    expect(made.output).toContain(name);
    const by = async (key: typeof privateKey) => {
      const imported = await crypto.subtle.importKey('jwk', key.export({ format: 'jwk' }), { name: 'ECDSA', namedCurve: 'P-256' }, false, [
        'sign',
      ]);
      return openid.clientCredentialsGrant(await discover(name, openid.PrivateKeyJwt({ key: imported, kid: 'k1' })));
    };
    const { access_token: token } = await by(privateKey);
    const rooms = await fetch(`${partner}/api/v1/rooms`, { headers: { authorization: `Bearer ${token}` } });
    expect(rooms.status).toBe(200);
    await expect(by(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
