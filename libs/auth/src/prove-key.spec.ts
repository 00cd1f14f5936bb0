import { createHmac } from 'node:crypto';
import { ProblemError } from '@facet/errors';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from './authentication-step.js';
import { DpopNonces } from './dpop-nonces.js';
import { DpopKey } from './dpop-key.js';
import { newCaller } from './new-caller.js';
import { proveKey, type UsedProofs } from './prove-key.js';
import { Phone } from '../test/phone.fixtures.js';
import { refusePlainTokens } from './refuse-plain-tokens.js';

const token = 'the.access.token';
const start = 1_800_000_000_000;
const rootKey = Buffer.alloc(32, 7);
let now = start;
let used: UsedProofs & { readonly keys: Map<string, number> };
let phone: Phone;
let thief: Phone;

/** What replicas share. */
function shared(): typeof used {
  const keys = new Map<string, number>();
  return { keys, insert: async (key, _value, ttlMs) => !keys.has(key) && Boolean(keys.set(key, ttlMs)) };
}

const noncesOf = (key = rootKey) => new DpopNonces(key, () => now);
const replica = (memory: UsedProofs = used) =>
  proveKey({ used: memory, nonces: noncesOf(), publicUrl: 'https://mobile.test', now: () => now });
const caller = newCaller({ subject: 'alice', kind: 'user', client: 'mobile-app', scopes: ['read:rooms'], roles: ['user'] });
const verified = (confirmation?: object) => ({
  caller,
  kid: 'k',
  expiresAt: Date.now() + 600_000,
  ...(confirmation && { confirmation }),
});

interface Shown {
  readonly dpop?: string | string[] | undefined;
  readonly scheme?: 'bearer' | 'dpop';
  readonly cnf?: object | undefined;
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
}

function attemptWith({ method = 'GET', url = '/v1/home', headers, ...rest }: Shown) {
  const cnf = 'cnf' in rest ? rest.cnf : { jkt: phone.thumbprint };
  const { dpop, scheme } = { scheme: 'dpop' as const, ...rest };
  const answered: Record<string, string> = {};
  const attempt: Attempt = {
    request: { method, url, headers: { host: 'mobile.test', ...headers, ...(dpop !== undefined && { dpop }) } },
    reply: { header: (name, value) => (answered[name] = value) },
    credential: { scheme, text: token },
    verified: verified(cnf),
  };
  return { attempt, answered };
}

/** What came of it: the keys that were proven, or the challenge. */
async function show(shown: Shown, step = replica()) {
  const { attempt, answered } = attemptWith(shown);
  try {
    await step.run(attempt);
    return { proven: attempt.proven, answered };
  } catch (failure) {
    if (!(failure instanceof ProblemError)) throw failure;
    const [, error] = /error="([a-z_]+)"/.exec(failure.headers?.['www-authenticate'] ?? '') ?? [];
    return {
      status: failure.status,
      error,
      challenge: failure.headers?.['www-authenticate'],
      nonce: failure.headers?.['dpop-nonce'],
      failure,
    };
  }
}
const proof = (claims: object = {}, header: object = {}, by = phone) =>
  by.prove(token, now, { nonce: noncesOf().current(), ...claims }, header);
const accepted = { proven: ['jkt'] };
const invalid = { status: 401, error: 'invalid_dpop_proof' };
const wrongToken = { status: 401, error: 'invalid_token' };

beforeAll(async () => {
  [phone, thief] = await Promise.all([Phone.withKey(), Phone.withKey()]);
});
beforeEach(() => {
  now = start;
  used = shared();
});

describe('a token that is bound to a key', () => {
  it('is good with a fresh proof of that key, and the same key again and again', async () => {
    const step = replica();
    for (let each = 0; each < 3; each += 1) expect(await show({ dpop: await proof() }, step)).toMatchObject(accepted);
  });

  it.each(['Ed25519', 'EdDSA'])('may be proven by %s', async (alg) => {
    const other = await Phone.withKey(alg);
    expect(await show({ dpop: await proof({}, {}, other), cnf: { jkt: other.thumbprint } })).toMatchObject(accepted);
  });

  it('is nothing as plain bearer, whatever proof comes with it', async () => {
    expect(await show({ scheme: 'bearer', dpop: await proof() })).toMatchObject({
      ...wrongToken,
      challenge: expect.stringMatching(/^DPoP /),
    });
    expect(await show({ scheme: 'bearer' })).toMatchObject(wrongToken);
  });

  it('is nothing to a thief without the key: without a proof, or with one of a key of his own', async () => {
    expect(await show({})).toMatchObject(invalid);
    expect(await show({ dpop: await proof({}, {}, thief) })).toMatchObject(wrongToken);
  });

  it('is nothing to a thief who names the key and signs with his own', async () => {
    expect(await show({ dpop: await proof({}, { jwk: phone.jwk }, thief) })).toMatchObject(invalid);
    const known = replica();
    await show({ dpop: await proof() }, known);
    expect(await show({ dpop: await proof({}, { jwk: phone.jwk }, thief) }, known)).toMatchObject(invalid);
  });
});

describe('a token that is bound to no key', () => {
  it('is let be as plain bearer, and is nothing under the scheme DPoP', async () => {
    expect(await show({ scheme: 'bearer', cnf: undefined })).toEqual({ proven: undefined, answered: {} });
    expect(await show({ dpop: await proof(), cnf: undefined })).toMatchObject(wrongToken);
    expect(await show({ dpop: await proof(), cnf: { 'x5t#S256': 'x' } })).toMatchObject(wrongToken);
    expect(used.keys.size).toBe(0);
  });

  it('is refused, save from the clients that may have such', async () => {
    const plain = (client: string, cnf?: object) => {
      const step = refusePlainTokens({ except: ['mobile-app-dev'] });
      const shown = { ...attemptWith({}).attempt, verified: { ...verified(cnf), caller: { ...caller, client } } };
      return () => step.run(shown);
    };
    expect(plain('mobile-app-dev')).not.toThrow();
    expect(plain('mobile-app', { jkt: phone.thumbprint })).not.toThrow();
    for (const client of ['mobile-app', 'mobile-app-dev2', ''])
      expect(plain(client)).toThrow(
        expect.objectContaining({ headers: { 'www-authenticate': expect.stringMatching(/^DPoP .*"invalid_token"/) } }),
      );
  });
});

describe('a proof', () => {
  it('counts once, over all replicas, however many are shown it at once', async () => {
    const dpop = await proof();
    const answers = await Promise.all([replica(), replica(), replica()].flatMap((step) => [show({ dpop }, step), show({ dpop }, step)]));
    expect(answers.filter(({ proven }) => proven)).toHaveLength(1);
    expect(answers.filter(({ error }) => error === 'invalid_dpop_proof')).toHaveLength(5);
    expect(used.keys.size).toBe(1);
  });

  it('is remembered by a hash for as long as it could be accepted by the slowest clock, and no longer than that needs', async () => {
    await show({ dpop: await proof({ jti: 'my-own-id', iat: now / 1_000 + 50 }) });
    const [[key, ttlMs]] = [...used.keys] as [[string, number]];
    expect(key).not.toContain('my-own-id');
    expect(ttlMs).toBe(120_000);
  });

  it('of another phone may have the same id', async () => {
    const other = await Phone.withKey();
    expect(await show({ dpop: await proof({ jti: 'one' }) })).toMatchObject(accepted);
    expect(await show({ dpop: await proof({ jti: 'one' }, {}, other), cnf: { jkt: other.thumbprint } })).toMatchObject(accepted);
  });

  it('lets nobody in while nobody can say whether it was used', async () => {
    const away = { insert: () => Promise.reject(new ProblemError('dependency-unavailable', { retryAfterSeconds: 1 })) };
    expect(await show({ dpop: await proof() }, replica(away))).toMatchObject({ status: 503 });
  });

  it('that is refused for anything else uses up nothing', async () => {
    for (const claims of [{ htm: 'POST' }, { nonce: 'x' }, { ath: 'x' }]) await show({ dpop: await proof(claims) });
    await show({ dpop: await proof({}, { jwk: phone.jwk }, thief) });
    expect(used.keys.size).toBe(0);
  });

  it.each([
    ['for another method', { htm: 'POST' }],
    ['for the method in other letters', { htm: 'get' }],
    ['for another path', { htu: 'https://mobile.test/v1/profile' }],
    ['for another host', { htu: 'https://evil.test/v1/home' }],
    ['for another scheme', { htu: 'http://mobile.test/v1/home' }],
    ['for another port', { htu: 'https://mobile.test:444/v1/home' }],
    ['for somebody at the host', { htu: 'https://a@mobile.test/v1/home' }],
    ['for a path alone', { htu: '/v1/home' }],
    ['for what is no address', { htu: 'mobile' }],
    ['for another token', { ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo' }],
    ['for no token', { ath: undefined }],
    ['of a minute ago', { iat: start / 1_000 - 61 }],
    ['of in a minute', { iat: start / 1_000 + 61 }],
    ['of no time', { iat: undefined }],
    ['of a time in words', { iat: '1800000000' }],
    ['without an id', { jti: undefined }],
    ['with an empty id', { jti: '' }],
    ['with an endless id', { jti: 'x'.repeat(300) }],
    ['with two methods', { htm: ['GET'] }],
  ])('%s is refused', async (_, claims) => {
    expect(await show({ dpop: await proof(claims) })).toMatchObject(invalid);
  });

  it.each([
    ['with a query', { htu: 'https://mobile.test/v1/home?x=1' }],
    ['with a fragment', { htu: 'https://mobile.test/v1/home#x' }],
    ['spelled otherwise', { htu: 'HTTPS://Mobile.Test:443/v1/home' }],
    ['almost a minute old', { iat: start / 1_000 - 59 }],
  ])('%s is good', async (_, claims) => {
    expect(await show({ dpop: await proof(claims), url: '/v1/home?limit=3' })).toMatchObject(accepted);
  });

  it('names the address by which clients know us, whatever a request says of its host', async () => {
    const dpop = await proof({ htu: 'https://evil.test/v1/home' });
    const headers = { host: 'evil.test', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' };
    expect(await show({ dpop, headers })).toMatchObject(invalid);
    expect(await show({ dpop: await proof(), headers })).toMatchObject(accepted);
    expect(await show({ dpop: await proof({ htu: 'https://evil.test/v1/home' }), url: '//evil.test/v1/home' })).toMatchObject(invalid);
  });

  it.each<[string, (jwk: object, secret: object) => object]>([
    ['of another type', () => ({ typ: 'JWT' })],
    ['of no type', () => ({ typ: undefined })],
    ['with a private key in it', (_, secret) => ({ jwk: secret })],
    ['with a symmetric key in it', () => ({ jwk: { kty: 'oct', k: 'c2VjcmV0' } })],
    ['without a key in it', () => ({ jwk: undefined })],
    ['with a key of another curve', (jwk) => ({ jwk: { ...jwk, crv: 'P-384' } })],
    ['with half a key', (jwk) => ({ jwk: { ...jwk, y: undefined } })],
    ['with a critical header', () => ({ crit: ['b64'], b64: true })],
  ])('%s is refused', async (_, header) => {
    expect(await show({ dpop: await proof({}, header(phone.jwk, phone.privateJwk)) })).toMatchObject(invalid);
  });

  it('with a key that is no point on the curve is refused, should a token be bound to such a one', async () => {
    const jwk = { ...phone.jwk, y: 'A'.repeat(43) };
    const { thumbprint } = DpopKey.of({ typ: 'dpop+jwt', alg: 'ES256', jwk });
    expect(await show({ dpop: await proof({}, { jwk }), cnf: { jkt: thumbprint } })).toMatchObject(invalid);
  });

  it('that is unsigned, signed with a secret that everybody knows, or with an algorithm that we do not take, is refused', async () => {
    const [, body] = (await proof()).split('.') as [string, string];
    const claim = (header: object) =>
      `${Buffer.from(JSON.stringify({ typ: 'dpop+jwt', jwk: phone.jwk, ...header })).toString('base64url')}.${body}`;
    const hmac = (text: string) => createHmac('sha256', JSON.stringify(phone.jwk)).update(text).digest('base64url');
    const rsa = await Phone.withKey('RS256');
    const shown = [
      `${claim({ alg: 'none' })}.`,
      `${claim({ alg: 'none' })}.${'A'.repeat(86)}`,
      `${claim({ alg: 'HS256' })}.${hmac(claim({ alg: 'HS256' }))}`,
      `${claim({ alg: 'ES256' })}.${'A'.repeat(86)}`,
      await proof({}, {}, rsa),
    ];
    for (const dpop of shown) expect(await show({ dpop })).toMatchObject(invalid);
    expect(await show({ dpop: shown[4]!, cnf: { jkt: rsa.thumbprint } })).toMatchObject(invalid);
  });

  it('must be one, whole and of a size that proofs have', async () => {
    const [one, other] = [await proof(), await proof()];
    const [head, body, signature] = one.split('.') as [string, string, string];
    const shown = [
      [one, other],
      `${one}, ${other}`,
      `${one},${other}`,
      ` ${one}`,
      '',
      'x',
      `${head}.${body}`,
      `${one}.x`,
      `e30.e30.${signature}`,
    ];
    for (const dpop of shown) expect(await show({ dpop })).toMatchObject(invalid);
    for (const dpop of [await proof({ more: 'x'.repeat(5_000) }), await proof({}, { kid: 'x'.repeat(4_000) }), 'e'.repeat(1_000_000)])
      expect(await show({ dpop })).toMatchObject(invalid);
    expect(await show({ dpop: one })).toMatchObject(accepted);
  });
});

describe('a nonce', () => {
  const minute = 60_000;

  it('is asked for by 401 with one, and is then good at every replica', async () => {
    const { challenge, nonce, ...refused } = await show({ dpop: await proof({ nonce: undefined }) });
    expect(refused).toMatchObject({ status: 401, error: 'use_dpop_nonce' });
    expect(challenge).toMatch(/^DPoP /);
    expect(await show({ dpop: await proof({ nonce }) }, replica())).toMatchObject({ ...accepted, answered: {} });
  });

  it('is renewed with a good answer while the old one still counts, and no proof made long ago does', async () => {
    const old = noncesOf().current();
    now += 6 * minute;
    expect(await show({ dpop: await proof({ nonce: old }) })).toMatchObject({
      ...accepted,
      answered: { 'dpop-nonce': noncesOf().current() },
    });
    now += 6 * minute;
    expect(await show({ dpop: await proof({ nonce: old }) })).toMatchObject({
      status: 401,
      error: 'use_dpop_nonce',
      nonce: noncesOf().current(),
    });
  });

  it('of a replica whose clock is a little ahead is good', async () => {
    now = Math.ceil(now / (5 * minute)) * 5 * minute - 1_000;
    const ahead = new DpopNonces(rootKey, () => now + 2_000).current();
    expect(ahead).not.toBe(noncesOf().current());
    expect(await show({ dpop: await proof({ nonce: ahead }) })).toMatchObject(accepted);
  });

  it('of another server, of the day after tomorrow, or made up, is none', async () => {
    const another = noncesOf(Buffer.alloc(32, 8)).current();
    const later = new DpopNonces(rootKey, () => now + 2 * 24 * 60 * minute).current();
    for (const nonce of [another, later, '', 'x', String(Math.floor(now / 300_000))])
      expect(await show({ dpop: await proof({ nonce }) })).toMatchObject({ status: 401, error: 'use_dpop_nonce' });
  });
});
