import { createSecretKey, randomBytes } from 'node:crypto';
import type { Caller } from '@facet/context';
import { SignJWT, UnsecuredJWT, base64url, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InternalTokenMinter } from './internal-token-minter.js';
import { InternalTokenVerifier } from './internal-token-verifier.js';
import { newCaller } from './new-caller.js';
import { deriveInternalKey } from './internal-token.js';
import { signJson } from './signed-json.js';

const rootKey = randomBytes(32);
const key = deriveInternalKey(rootKey, 'rooms-service');
const alice = newCaller({
  subject: '0190a000-0000-7000-8000-000000000001',
  kind: 'user',
  client: 'mobile-app',
  scopes: ['read:rooms', 'write:rooms'],
  roles: ['admin'],
  session: 's1',
  assurance: { acr: 'urn:facet:acr:2', amr: ['pwd', 'otp'], authenticatedAt: 1_700_000_000 },
  issuedAt: 1_700_000_100,
});
let minter: InternalTokenMinter;
const verifier = () => new InternalTokenVerifier({ audience: 'rooms-service', keys: { 'mobile-bff': key } });
const frozen = (caller: Caller): Caller =>
  Object.freeze({ ...caller, scopes: Object.freeze([...caller.scopes]), roles: Object.freeze([...caller.roles]) });
const refused = expect.objectContaining({ code: 'unauthenticated' });

beforeEach(() => {
  minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey });
});
afterEach(() => vi.useRealTimers());

describe('an internal token', () => {
  it('carries the caller to the service, whole', async () => {
    const token = await minter.mint(alice, 'rooms-service');
    expect(await verifier().verify(token)).toEqual(alice);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'facet-internal+jwt' });
    const { iss, aud, iat, exp } = decodeJwt(token);
    expect({ iss, aud, lifetime: exp! - iat! }).toEqual({ iss: 'mobile-bff', aud: 'rooms-service', lifetime: 60 });
  });

  it('is what any JOSE library takes for a token signed with this key', async () => {
    const token = await minter.mint(alice, 'rooms-service');
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], typ: 'facet-internal+jwt', audience: 'rooms-service' });
    expect(payload).toMatchObject({ sub: alice.subject, scope: 'read:rooms write:rooms', roles: ['admin'], sid: 's1' });
  });

  it('is made once for a caller and a service while it is valid for more than 10 s', async () => {
    vi.useFakeTimers({ now: new Date('2026-11-01T12:00:00Z'), toFake: ['Date'] });
    const [first, again] = await Promise.all([minter.mint(alice, 'rooms-service'), minter.mint({ ...alice }, 'rooms-service')]);
    expect(again).toBe(first);
    vi.setSystemTime(new Date('2026-11-01T12:00:49Z'));
    expect(await minter.mint(alice, 'rooms-service')).toBe(first);
    vi.setSystemTime(new Date('2026-11-01T12:00:50Z'));
    expect(await minter.mint(alice, 'rooms-service')).not.toBe(first);
  });

  it('is at hand for the very caller and service that it was made for, without a promise, while it is valid for more than 10 s', async () => {
    vi.useFakeTimers({ now: new Date('2026-11-01T12:00:00Z'), toFake: ['Date'] });
    const [caller, twin] = [frozen(alice), frozen(alice)];
    expect(minter.peek(caller, 'rooms-service')).toBeUndefined();
    const token = await minter.mint(caller, 'rooms-service');
    vi.setSystemTime(new Date('2026-11-01T12:00:49.999Z'));
    expect(minter.peek(caller, 'rooms-service')).toBe(token);
    expect(minter.peek(caller, 'users-service')).toBeUndefined();
    expect(minter.peek(twin, 'rooms-service')).toBeUndefined();
    vi.setSystemTime(new Date('2026-11-01T12:00:50Z'));
    expect(minter.peek(caller, 'rooms-service')).toBeUndefined();
    const next = await minter.mint(caller, 'rooms-service');
    expect(next).not.toBe(token);
    expect(minter.peek(caller, 'rooms-service')).toBe(next);
  });

  it('is at hand for each service apart', async () => {
    const caller = frozen(alice);
    const [rooms, users] = [await minter.mint(caller, 'rooms-service'), await minter.mint(caller, 'users-service')];
    expect([minter.peek(caller, 'rooms-service'), minter.peek(caller, 'users-service')]).toEqual([rooms, users]);
    expect(decodeJwt(users).aud).toBe('users-service');
  });

  it('is never at hand for a caller that could have changed since', async () => {
    const { scopes, roles } = alice;
    const changeable: Caller[] = [
      { ...alice },
      Object.freeze({ ...alice, roles: [...roles] }),
      Object.freeze({ ...alice, scopes: [...scopes] }),
    ];
    for (const caller of changeable) {
      await minter.mint(caller, 'rooms-service');
      expect(minter.peek(caller, 'rooms-service')).toBeUndefined();
    }
  });

  it('is at hand for the callers that the verifiers name', async () => {
    const caller = await verifier().verify(await minter.mint(alice, 'rooms-service'));
    const token = await minter.mint(caller, 'users-service');
    expect(minter.peek(caller, 'users-service')).toBe(token);
  });

  it('differs for another caller, another scope and another service', async () => {
    const tokens = await Promise.all([
      minter.mint(alice, 'rooms-service'),
      minter.mint({ ...alice, subject: 'bob' }, 'rooms-service'),
      minter.mint({ ...alice, scopes: ['read:rooms'] }, 'rooms-service'),
      minter.mint(alice, 'users-service'),
    ]);
    expect(new Set(tokens).size).toBe(4);
  });

  it('is verified once: the same caller object is remembered until it expires', async () => {
    vi.useFakeTimers({ now: new Date('2026-11-01T12:00:00Z'), toFake: ['Date'] });
    const [token, service] = [await minter.mint(alice, 'rooms-service'), verifier()];
    const first = await service.verify(token);
    expect(await service.verify(token)).toBe(first);
    expect(service.identify(token)).toBe(first);
    vi.setSystemTime(new Date('2026-11-01T12:01:04.999Z'));
    expect(service.identify(token)).toEqual(alice);
    vi.setSystemTime(new Date('2026-11-01T12:01:05Z'));
    await expect(service.verify(token)).rejects.toEqual(refused);
  });
});

describe('the verifier refuses', () => {
  const claims = { sub: 'alice', kind: 'user', client_id: 'mobile-app', scope: 'read:rooms', roles: ['user'] };
  const now = () => Math.floor(Date.now() / 1000);
  interface Given {
    header?: object;
    issuer?: string;
    audience?: string;
    issuedAt?: number;
    lifetime?: number;
    signedWith?: Uint8Array;
    claims?: object;
  }
  const forge = (given: Given = {}) =>
    new SignJWT({ ...claims, ...given.claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'facet-internal+jwt', ...given.header })
      .setIssuer(given.issuer ?? 'mobile-bff')
      .setAudience(given.audience ?? 'rooms-service')
      .setIssuedAt(given.issuedAt ?? now())
      .setExpirationTime((given.issuedAt ?? now()) + (given.lifetime ?? 60))
      .sign(given.signedWith ?? key);

  it('none of these, when they are right', async () => {
    expect(await verifier().verify(await forge())).toMatchObject({ subject: 'alice' });
  });

  it.each<[string, Given]>([
    ['another type, as an ID token or an access token has', { header: { typ: 'at+jwt' } }],
    ['no type', { header: { typ: undefined } }],
    ['another algorithm', { header: { alg: 'HS512' }, signedWith: randomBytes(64) }],
    ['another audience', { audience: 'users-service' }],
    ['an issuer that it shares no key with', { issuer: 'other-bff' }],
    ['an issuer named like a property of Object', { issuer: 'constructor' }],
    ['another key', { signedWith: randomBytes(32) }],
    ['the key of another service', { signedWith: deriveInternalKey(rootKey, 'users-service') }],
    ['what is expired', { issuedAt: now() - 70 }],
    ['what is from the future', { issuedAt: now() + 60 }],
    ['what was made for longer than 60 s', { lifetime: 3_600 }],
    ['what is not valid yet', { claims: { nbf: now() + 30 } }],
    ['a header that is more than type and algorithm', { header: { kid: 'k1' } }],
    ['a critical header', { header: { crit: ['b64'], b64: true } }],
    ['a token without roles', { claims: { roles: undefined } }],
    ['a kind of caller that does not exist', { claims: { kind: 'root' } }],
  ])('%s', async (_, given) => {
    await expect(verifier().verify(await forge(given))).rejects.toEqual(refused);
  });

  it('a token that was changed in any part, or has one more or less', async () => {
    const [header = '', payload = '', signature = ''] = (await forge()).split('.');
    const other = base64url.encode(JSON.stringify({ ...decodeJwt(await forge()), sub: 'root' }));
    const none = base64url.encode(JSON.stringify({ alg: 'none', typ: 'facet-internal+jwt' }));
    const parts = [
      [header, other, signature],
      [none, payload, ''],
      [none, payload, signature],
      [header, payload, ''],
      [header, payload],
      [header, payload, signature, ''],
      [header, payload, signature, signature],
      [header, payload, `${signature}=`],
      [header, payload, ` ${signature}`],
      [header, payload, signature.slice(0, -1)],
      [header, payload, base64url.encode(new Uint8Array(31))],
      [header, `${payload}=`, signature],
      [header, 'bnVsbA', signature],
    ];
    for (const each of parts) await expect(verifier().verify(each.join('.')), each.join('.')).rejects.toEqual(refused);
  });

  it('a signature that is only another spelling of the right one', async () => {
    const token = await forge();
    // The last character holds 2 bits that mean nothing: of 64 spellings 4 decode to the same bytes.
    const spellings = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map((last) => token.slice(0, -1) + last);
    const accepted = await Promise.all(
      spellings.map((spelling) =>
        verifier()
          .verify(spelling)
          .then(
            () => spelling,
            () => undefined,
          ),
      ),
    );
    expect(accepted.filter(Boolean)).toEqual([token]);
  });

  it.each<[string, object]>([
    ['times that are no numbers', { iat: String(now()), exp: String(now() + 60) }],
    ['no time of expiry', { exp: undefined }],
    ['no time of issue', { iat: undefined }],
    ['no subject', { sub: undefined }],
    ['several audiences, ours among them', { aud: ['rooms-service', 'users-service'] }],
    ['several issuers', { iss: ['mobile-bff'] }],
  ])('%s, though signed with the right key', (_, given) => {
    const good = { ...claims, iss: 'mobile-bff', aud: 'rooms-service', iat: now(), exp: now() + 60 };
    expect(verifier().identify(signJson(good, createSecretKey(key)))).toMatchObject({ subject: 'alice' });
    const bad = signJson({ ...good, ...given }, createSecretKey(key));
    expect(() => verifier().identify(bad)).toThrow(refused);
  });

  it('a key too short for HS256, when it starts', () => {
    expect(() => new InternalTokenVerifier({ audience: 'rooms-service', keys: { 'mobile-bff': new Uint8Array(31) } })).toThrow(RangeError);
  });

  it('an unsigned token, and what is no token at all', async () => {
    const unsigned = new UnsecuredJWT(claims).setIssuer('mobile-bff').setAudience('rooms-service').setExpirationTime('1m').encode();
    for (const token of [unsigned, '', 'a', 'a.b.c', '💥']) await expect(verifier().verify(token)).rejects.toEqual(refused);
  });
});

describe('a key that changes', () => {
  const nextRoot = randomBytes(32);
  const next = deriveInternalKey(nextRoot, 'rooms-service');
  const during = (...keys: Uint8Array[]) => new InternalTokenVerifier({ audience: 'rooms-service', keys: { 'mobile-bff': keys } });
  const [before, after] = [rootKey, nextRoot].map((root) => new InternalTokenMinter({ issuer: 'mobile-bff', rootKey: root }));

  it.each([
    ['in this order', [key, next]],
    ['in the other order', [next, key]],
  ])('overlaps: tokens of either are accepted while a service has both, %s', (_, keys) => {
    const service = during(...keys);
    for (const minter of [before!, after!]) {
      const token = minter.mint(alice, 'rooms-service');
      expect(service.identify(token)).toEqual(alice);
      expect(service.identify(token)).toBe(service.identify(token));
    }
  });

  it('is refused once the service has let it go, and a foreign one is refused meanwhile', () => {
    const token = before!.mint(alice, 'rooms-service');
    expect(() => during(next).identify(token)).toThrow(refused);
    const foreign = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey: randomBytes(32) });
    expect(() => during(key, next).identify(foreign.mint(alice, 'rooms-service'))).toThrow(refused);
    expect(() => during().identify(token)).toThrow(refused);
  });
});

describe('a token that comes over a connection with a certificate', () => {
  const service = new InternalTokenVerifier({
    audience: 'rooms-service',
    keys: { 'mobile-bff': key, 'web-bff': deriveInternalKey(randomBytes(32), 'rooms-service') },
  });

  it('is accepted from its issuer alone, remembered or not', () => {
    const token = minter.mint(alice, 'rooms-service');
    expect(() => service.identify(token, 'web-bff')).toThrow(refused);
    expect(service.identify(token, 'mobile-bff')).toEqual(alice);
    expect(() => service.identify(token, 'web-bff')).toThrow(refused);
    expect(() => service.identify(token, '')).toThrow(refused);
    expect(service.identify(token)).toEqual(alice);
  });

  it('may come from whom there is a key of', () => {
    expect(service.issuers).toEqual(['mobile-bff', 'web-bff']);
  });
});

describe('what an issuer may claim', () => {
  const speak = async (issuer: string, caller: Partial<Caller>) => {
    const service = new InternalTokenVerifier({ audience: 'rooms-service', keys: { [issuer]: key } });
    return service.verify(await new InternalTokenMinter({ issuer, rootKey }).mint({ ...alice, ...caller }, 'rooms-service'));
  };

  it.each<[string, Partial<Caller>]>([
    ['web-bff', { client: 'web-app' }],
    ['mobile-bff', { client: 'mobile-app' }],
    ['partner-bff', { client: 'demo-partner' }],
    ['partner-bff', { client: 'demo-partner', kind: 'bot' }],
    ['importer', { client: 'importer', kind: 'service', subject: 'importer' }],
  ])('%s may name %o', async (issuer, caller) => {
    expect(await speak(issuer, caller)).toMatchObject(caller);
  });

  it.each<[string, Partial<Caller>]>([
    ['web-bff', { client: 'mobile-app' }],
    ['mobile-bff', { client: 'demo-partner' }],
    ['mobile-bff', { client: 'mobile-app', kind: 'bot' }],
    ['partner-bff', { client: 'web-app' }],
    ['partner-bff', { client: 'demo-partner', kind: 'service' }],
    ['web-bff', { client: 'importer', kind: 'service', subject: 'importer' }],
    ['importer', { client: 'mobile-app' }],
    ['importer', { kind: 'service', subject: 'root' }],
    ['unknown-bff', { client: 'web-app' }],
  ])('%s may not name %o', async (issuer, caller) => {
    await expect(speak(issuer, caller)).rejects.toEqual(refused);
  });
});
