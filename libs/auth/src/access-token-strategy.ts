import { hash, type KeyObject } from 'node:crypto';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { Strategy, type VerifiedCallback } from 'passport-jwt';
import { z } from 'zod';
import { callerOfAccessToken } from './access-token-claims.js';
import { ExpiringCache } from './expiring-cache.js';
import { SigningKeys, type SigningKeysOptions } from './signing-keys.js';

const clockToleranceSeconds = 5;
const rememberedOutcomes = 10_000;
const types = ['at+jwt', 'application/at+jwt'];
const algorithms = ['ES256', 'RS256'] as const;
const usualPrefix = 'Bearer ';

/** AccessTokenOptions: whose tokens are accepted, and the name that they must be for, such as `mobile-bff`. */
export interface AccessTokenOptions extends SigningKeysOptions {
  readonly audience: string;
}

/** HttpRequest: as much of a request as authentication reads. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The header of a token (RFC 7515, section 4); no critical member of it is understood. */
const Header = z.object({ typ: z.string().optional(), alg: z.string(), kid: z.string().default(''), crit: z.never().optional() });

type Authenticate = Strategy['authenticate'];

/** What is known of a token that was accepted: whom it speaks for, and by which key that was told. */
interface Accepted {
  readonly caller: Caller;
  readonly kid: string;
}

/**
 * AccessTokenStrategy: a Passport strategy for JWT access tokens (RFC 9068) over the issuer's key set. passport-jwt checks signature, algorithm, issuer,
 * audience and time; before it the header is checked (type, algorithm, no `crit`), after it the claims. A verified token is remembered by its SHA-256
 * until it expires or its issuer has withdrawn the key, in a bounded cache. Fails with a ProblemError, or with nothing where there is no bearer token at
 * all.
 */
export class AccessTokenStrategy extends Strategy {
  override name = 'access-token';
  // Passport works on objects that inherit from this one, which a #private field would not allow.
  private readonly accepted: ExpiringCache<Accepted>;
  private readonly keys: SigningKeys;

  constructor({ issuer, audience, ...options }: AccessTokenOptions) {
    const accepted = new ExpiringCache<Accepted>(rememberedOutcomes);
    const keys = new SigningKeys({ issuer, ...options });
    super(
      {
        jwtFromRequest: bearerToken,
        secretOrKeyProvider: (_request: unknown, token: string, done: (failure: unknown, key?: never) => void) => {
          keyFor(token, keys).then(
            // passport-jwt hands it to jsonwebtoken, which takes a KeyObject; only the types know no such thing.
            (key) => done(null, key as never),
            (failure: unknown) => done(failure),
          );
        },
        issuer,
        audience,
        algorithms: [...algorithms],
        jsonWebTokenOptions: { clockTolerance: clockToleranceSeconds },
        passReqToCallback: true,
      },
      (request: HttpRequest, payload: unknown, done: VerifiedCallback) => finish(request, payload, accepted, done),
    );
    this.accepted = accepted;
    this.keys = keys;
  }

  override authenticate(...[request, options]: Parameters<Authenticate>): void {
    const known = this.remembered(request);
    if (known) this.success(known);
    else super.authenticate(request, options);
  }

  /** Whom the request's token speaks for, where that is remembered: one hash and one look-up. Nothing says only that it is to be checked. */
  remembered({ headers }: HttpRequest): Caller | undefined {
    const { authorization } = headers;
    // Nothing is parsed: what follows the usual prefix is looked up as it stands, and only whole tokens that were accepted are found.
    if (typeof authorization !== 'string' || !authorization.startsWith(usualPrefix)) return undefined;
    const known = this.accepted.get(nameOf(authorization.slice(usualPrefix.length)));
    return known && this.keys.has(known.kid) ? known.caller : undefined;
  }
}

/** bearerToken: the token of an `Authorization: Bearer …` header (RFC 6750), or null. */
export function bearerToken({ headers }: HttpRequest): string | null {
  const { authorization } = headers;
  return (typeof authorization === 'string' && /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization)?.[1]) || null;
}

function finish(request: HttpRequest, payload: unknown, accepted: ExpiringCache<Accepted>, done: VerifiedCallback): void {
  try {
    const { caller, expiresAt } = callerOfAccessToken(payload);
    const token = bearerToken(request);
    if (token !== null) accepted.set(nameOf(token), { caller, kid: headerOf(token).kid }, expiresAt);
    done(null, caller);
  } catch (cause) {
    done(null, false, cause);
  }
}

async function keyFor(token: string, keys: SigningKeys): Promise<KeyObject> {
  const { typ, alg, kid } = headerOf(token);
  if (!types.includes(typ?.toLowerCase() ?? '')) throw new Error(`A token of type ${typ} is no access token`);
  if (!algorithms.some((allowed) => allowed === alg)) throw new Error(`Algorithm ${alg} is not accepted`);
  const key = await keys.find(kid);
  if (!key) throw new ProblemError('unauthenticated', { detail: 'The access token is signed with a key that its issuer does not have.' });
  return key;
}

function headerOf(token: string): z.infer<typeof Header> {
  return Header.parse(JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()));
}

function nameOf(token: string): string {
  return hash('sha256', token, 'base64');
}
