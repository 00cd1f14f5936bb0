import { AccessTokenVerifier } from '../src/index.js';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { SignJWT, base64url, decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestIssuer } from './test-issuer.js';

let issuer: TestIssuer;
let verifier: AccessTokenVerifier;

beforeEach(async () => {
  issuer = await TestIssuer.start();
  verifier = new AccessTokenVerifier({ issuer: issuer.url, audience: 'mobile-bff' });
});
afterEach(() => {
  issuer.stop();
  vi.useRealTimers();
});

const invalid = expect.objectContaining({
  code: 'unauthenticated',
  headers: { 'www-authenticate': expect.stringContaining('error="invalid_token"') },
});
const now = () => Math.floor(Date.now() / 1000);

describe('an access token', () => {
  it('becomes the caller that it speaks of', async () => {
    const token = await issuer.token({ scope: 'write:rooms read:rooms', sid: 's1' });
    expect(await verifier.verify(token)).toEqual({
      subject: 'alice',
      kind: 'user',
      client: 'mobile-app',
      scopes: ['read:rooms', 'write:rooms'],
      roles: ['admin'],
      permissions: ['room:create', 'room:delete', 'room:join', 'room:read', 'room:update'],
      session: 's1',
      token: expect.any(String),
      issuedAt: expect.any(Number),
    });
  });

  it('may be of type application/at+jwt, signed by RS256, or for several audiences', async () => {
    await issuer.addKey('rsa', 'RS256');
    await expect(verifier.verify(await issuer.token({}, { typ: 'application/at+jwt' }))).resolves.toMatchObject({ subject: 'alice' });
    await expect(verifier.verify(await issuer.token({}, { alg: 'RS256', kid: 'rsa' }, 'rsa'))).resolves.toMatchObject({ subject: 'alice' });
    await expect(verifier.verify(await issuer.token({ aud: ['x', 'mobile-bff'] }))).resolves.toMatchObject({ subject: 'alice' });
  });

  it('of a bot makes a bot of the caller', async () => {
    expect(await verifier.verify(await issuer.token({ kind: 'bot', client_id: 'demo-partner' }))).toMatchObject({ kind: 'bot' });
  });

  it.each<[string, object, object?]>([
    ['is an ID token', {}, { typ: 'JWT' }],
    ['has no type', {}, { typ: undefined }],
    ['has a critical header', {}, { crit: ['b64'], b64: true }],
    ['is for another BFF', { aud: 'web-bff' }],
    ['is for nobody', { aud: undefined }],
    ['is of another issuer', { iss: 'https://evil.example' }],
    ['has expired', { exp: now() - 10 }],
    ['never expires', { exp: undefined }],
    ['is not valid yet', { nbf: now() + 60 }],
    ['was issued in the future', { iat: now() + 600, exp: now() + 900 }],
    ['lacks iat', { iat: undefined }],
    ['lacks jti', { jti: undefined }],
    ['lacks client_id', { client_id: undefined }],
    ['lacks sub', { sub: undefined }],
    ['is bound to a DPoP key', { cnf: { jkt: 'x' } }],
    ['is bound to a certificate', { cnf: { 'x5t#S256': 'x' } }],
    ['calls itself a service', { kind: 'service' }],
    ['names no key', {}, { kid: undefined }],
  ])('is refused when it %s', async (_, claims, header = {}) => {
    await expect(verifier.verify(await issuer.token(claims, header))).rejects.toEqual(invalid);
  });

  it('that is unsigned is refused', async () => {
    const claims = decodeJwt(await issuer.token());
    const unsigned = [{ alg: 'none', typ: 'at+jwt', kid: 'k1' }, claims].map((part) => base64url.encode(JSON.stringify(part)));
    await expect(verifier.verify(`${unsigned.join('.')}.`)).rejects.toEqual(invalid);
  });

  it('that is signed by HMAC with the public key as secret is refused', async () => {
    const publicKey = createPublicKey({ key: issuer.publicKey('k1') as JsonWebKey, format: 'jwk' });
    const secret = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
    const header = { alg: 'HS256', typ: 'at+jwt', kid: 'k1' };
    const token = await new SignJWT(decodeJwt(await issuer.token())).setProtectedHeader(header).sign(secret);
    await expect(verifier.verify(token)).rejects.toEqual(invalid);
  });

  it('that is signed with a key of its own is refused', async () => {
    const other = await TestIssuer.start();
    const forged = await other.token({ iss: issuer.url }, { jwk: other.publicKey('k1') });
    other.stop();
    await expect(verifier.verify(forged)).rejects.toEqual(invalid);
  });

  it.each(['a.b.c', 'x', ''])('is refused when it is no token: %j', async (text) => {
    await expect(verifier.verify(text)).rejects.toEqual(invalid);
  });

  it('says that it has expired, and nothing else of why it is refused', async () => {
    await expect(verifier.verify(await issuer.token({ exp: now() - 10 }))).rejects.toMatchObject({
      detail: 'The access token has expired.',
    });
    await expect(verifier.verify(await issuer.token({ aud: 'web-bff' }))).rejects.toMatchObject({
      detail: 'The access token is not valid here.',
    });
  });
});

describe('the outcome', () => {
  it('is remembered until the token expires, even while the issuer is away', async () => {
    const token = await issuer.token({ exp: now() + 60 });
    const caller = await verifier.verify(token);
    issuer.stop();
    expect(await verifier.verify(token)).toBe(caller);
    vi.useFakeTimers({ now: Date.now() + 70_000, toFake: ['Date'] });
    await expect(verifier.verify(token)).rejects.toEqual(invalid);
  });

  it('of many callers at once goes to the right one each', async () => {
    const subjects = Array.from({ length: 50 }, (_, each) => `user-${each}`);
    const tokens = await Promise.all(subjects.map((sub) => issuer.token({ sub })));
    const callers = await Promise.all(tokens.map((token) => verifier.verify(token)));
    expect(callers.map(({ subject }) => subject)).toEqual(subjects);
    expect(issuer.requests).toEqual({ '/.well-known/openid-configuration': 1, '/jwks': 1 });
  });
});

describe('the key set', () => {
  it('is asked for an unknown key at most once per interval', async () => {
    await verifier.verify(await issuer.token());
    await issuer.addKey('k2');
    const rotated = await issuer.token({}, { kid: 'k2' }, 'k2');
    for (let each = 0; each < 5; each++) await expect(verifier.verify(rotated)).rejects.toEqual(invalid);
    expect(issuer.requests['/jwks']).toBe(1);
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ['Date'] });
    await expect(verifier.verify(rotated)).resolves.toMatchObject({ subject: 'alice' });
    expect(issuer.requests['/jwks']).toBe(2);
  });

  it('that was fetched serves on while the issuer is broken', async () => {
    await verifier.verify(await issuer.token());
    issuer.broken = true;
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
    await expect(verifier.verify(await issuer.token())).resolves.toMatchObject({ subject: 'alice' });
  });

  it('that cannot be had makes it unavailable, never unauthenticated, and is asked for again soon', async () => {
    issuer.broken = true;
    const token = await issuer.token();
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'dependency-unavailable', retryAfterSeconds: 1 });
    issuer.broken = false;
    vi.useFakeTimers({ now: Date.now() + 1_100, toFake: ['Date'] });
    await expect(verifier.verify(token)).resolves.toMatchObject({ subject: 'alice' });
  });

  it('of an issuer that calls itself otherwise is not trusted', async () => {
    const alias = issuer.url.replace('127.0.0.1', 'localhost');
    const mistaken = new AccessTokenVerifier({ issuer: alias, audience: 'mobile-bff' });
    await expect(mistaken.verify(await issuer.token({ iss: alias }))).rejects.toMatchObject({ code: 'dependency-unavailable' });
  });
});
