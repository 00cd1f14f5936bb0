import { hash, type KeyObject } from 'node:crypto';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { decodeProtectedHeader } from 'jose';
import { Strategy, type VerifiedCallback } from 'passport-jwt';
import { callerOfAccessToken } from './access-token-claims.js';
import { ExpiringCache } from './expiring-cache.js';
import { SigningKeys, type SigningKeysOptions } from './signing-keys.js';

const clockToleranceSeconds = 5;
const rememberedOutcomes = 10_000;
const types = ['at+jwt', 'application/at+jwt'];
const algorithms = ['ES256', 'RS256'] as const;

/** AccessTokenOptions: whose tokens are accepted, and the name that they must be for, such as `mobile-bff`. */
export interface AccessTokenOptions extends SigningKeysOptions {
  readonly audience: string;
}

/** HttpRequest: as much of a request as authentication reads. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Authenticate = Strategy['authenticate'];

/**
 * AccessTokenStrategy: a Passport strategy for JWT access tokens (RFC 9068) over the issuer's key set. passport-jwt checks signature, algorithm, issuer,
 * audience and time; before it the header is checked (type, algorithm, no `crit`), after it the claims. A verified token is remembered by its SHA-256
 * until it expires, in a bounded cache. Fails with a ProblemError, or with nothing where there is no bearer token at all.
 */
export class AccessTokenStrategy extends Strategy {
  override name = 'access-token';
  // Passport works on objects that inherit from this one, which a #private field would not allow.
  private readonly callers: ExpiringCache<Caller>;

  constructor({ issuer, audience, ...options }: AccessTokenOptions) {
    const callers = new ExpiringCache<Caller>(rememberedOutcomes);
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
      (request: HttpRequest, payload: unknown, done: VerifiedCallback) => finish(request, payload, callers, done),
    );
    this.callers = callers;
  }

  override authenticate(...[request, options]: Parameters<Authenticate>): void {
    const token = bearerToken(request);
    const known = token === null ? undefined : this.callers.get(nameOf(token));
    if (known) this.success(known);
    else super.authenticate(request, options);
  }
}

/** bearerToken: the token of an `Authorization: Bearer …` header (RFC 6750), or null. */
export function bearerToken({ headers }: HttpRequest): string | null {
  const { authorization } = headers;
  return (typeof authorization === 'string' && /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization)?.[1]) || null;
}

function finish(request: HttpRequest, payload: unknown, callers: ExpiringCache<Caller>, done: VerifiedCallback): void {
  try {
    const { caller, expiresAt } = callerOfAccessToken(payload);
    const token = bearerToken(request);
    if (token !== null) callers.set(nameOf(token), caller, expiresAt);
    done(null, caller);
  } catch (cause) {
    done(null, false, cause);
  }
}

async function keyFor(token: string, keys: SigningKeys): Promise<KeyObject> {
  const { typ, alg, kid, crit } = decodeProtectedHeader(token);
  if (!types.includes(typ?.toLowerCase() ?? '')) throw new Error(`A token of type ${typ} is no access token`);
  if (!algorithms.some((allowed) => allowed === alg)) throw new Error(`Algorithm ${alg} is not accepted`);
  if (crit !== undefined) throw new Error('No critical header is understood');
  const key = await keys.find(kid ?? '');
  if (!key) throw new ProblemError('unauthenticated', { detail: 'The access token is signed with a key that its issuer does not have.' });
  return key;
}

function nameOf(token: string): string {
  return hash('sha256', token, 'base64');
}
