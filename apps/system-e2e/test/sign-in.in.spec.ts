import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { describe, expect, inject, it } from 'vitest';
import { Pages } from '../src/pages.js';
import { discover, enter, Phone } from '../src/phone.js';
import { until } from '../src/person.js';
import { runCommand } from '../src/running-facet.js';

const demo = inject('demo');
const installation = { home: inject('home'), portOffset: inject('portOffset'), databaseUrl: inject('databaseUrl') };
const { identity, web, partner } = demo.urls;
const revokedWithinMs = 1_000;

describe('a phone', () => {
  it('holds a token that is of no use without its key', async () => {
    const phone = await Phone.of(demo);
    const tokens = await phone.signIn('carol');
    expect(tokens.token_type).toBe('dpop');
    expect(await phone.statusOf(tokens.access_token, phone.key)).toBe(200);
    expect(await phone.statusOf(tokens.access_token)).toBe(401);
    expect(await phone.statusOf(tokens.access_token, await phone.otherKey())).toBe(401);
  });

  it('has another refresh token each time; one that comes again later ends all that came of the sign-in', async () => {
    const phone = await Phone.of(demo);
    const tokens = await phone.signIn('dave');
    const refreshed = await phone.refresh(tokens.refresh_token!);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    const status = () => phone.statusOf(refreshed.access_token, phone.key);
    expect(await status()).toBe(200);
    await expect(phone.refresh(tokens.refresh_token!, { scope: 'openid' })).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(phone.refresh(refreshed.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await until(status, (answer) => answer === 401, revokedWithinMs)).toBe(401);
  });

  it('is a device on the account page, and signed out from there', async () => {
    const phone = await Phone.of(demo);
    const tokens = await phone.signIn('bob');
    const account = await phone.pages.open(`${identity}/account`);
    const device = /<strong>Facet \(phone\)<\/strong>[\s\S]*?name="id" value="([^"]+)"/.exec(account.body)?.[1];
    await phone.pages.send(account, '/account/end', { id: device ?? expect.fail(account.body) });
    const status = () => phone.statusOf(tokens.access_token, phone.key);
    expect(await until(status, (answer) => answer === 401, revokedWithinMs)).toBe(401);
  });
});

describe('a browser', () => {
  const user = (cookie: string) =>
    fetch(`${web}/bff/user`, { headers: { cookie, 'x-csrf': '1' }, redirect: 'manual', signal: AbortSignal.timeout(5_000) });

  it('is sent to the issuer, comes back with a cookie, and sees no token', async () => {
    const pages = new Pages();
    const page = await pages.open(`${web}/bff/login?returnTo=/graphql`);
    expect(page.url).toContain(identity);
    const landed = await enter(pages, page, 'alice');
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
    await enter(pages, await pages.open(`${web}/bff/login?returnTo=/graphql`), 'carol');
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
    await enter(pages, await pages.open(`${web}/bff/login?returnTo=/graphql`), 'dave');
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
      return openid.clientCredentialsGrant(await discover(demo, name, openid.PrivateKeyJwt({ key: imported, kid: 'k1' })));
    };
    const { access_token: token } = await by(privateKey);
    const rooms = await fetch(`${partner}/api/v1/rooms`, { headers: { authorization: `Bearer ${token}` } });
    expect(rooms.status).toBe(200);
    await expect(by(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
