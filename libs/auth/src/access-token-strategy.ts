import type { KeyObject } from 'node:crypto';
import { ProblemError } from '@facet/errors';
import { Strategy, type VerifiedCallback } from 'passport-jwt';
import { z } from 'zod';
import { verifiedOf } from './access-token-claims.js';
import type { SigningKeys } from './signing-keys.js';

const clockToleranceSeconds = 5;
const types = ['at+jwt', 'application/at+jwt'];
const algorithms = ['ES256', 'RS256'] as const;

/** The header of a token (RFC 7515, section 4); no critical member of it is understood. */
const Header = z.object({ typ: z.string().optional(), alg: z.string(), kid: z.string().default(''), crit: z.never().optional() });

/** What Passport sees instead of a request, from which the token was read already. `kid` is noted by who looked for the key. */
export interface PresentedToken {
  readonly token: string;
  kid?: string;
}

/** Whose tokens are accepted, with which keys, and the name that they must be for, such as `mobile-bff`. */
interface StrategyOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: SigningKeys;
}

/**
 * A Passport strategy for JWT access tokens (RFC 9068) over the issuer's key set, whose user is what was verified. passport-jwt checks signature, algorithm,
 * issuer, audience and time; before it the header is checked (type, algorithm, no `crit`), after it the claims.
 */
export function accessTokenStrategy({ issuer, audience, keys }: StrategyOptions): Strategy {
  return new Strategy(
    {
      jwtFromRequest: (presented: unknown) => (presented as PresentedToken).token,
      secretOrKeyProvider: (presented: unknown, _token: string, done: (failure: unknown, key?: never) => void) => {
        keyFor(presented as PresentedToken, keys).then(
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
    ({ kid }: PresentedToken, payload: unknown, done: VerifiedCallback) => {
      try {
        done(null, verifiedOf(payload, kid!));
      } catch (cause) {
        done(null, false, cause);
      }
    },
  );
}

async function keyFor(presented: PresentedToken, keys: SigningKeys): Promise<KeyObject> {
  const { token } = presented;
  const { typ, alg, kid } = Header.parse(JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()));
  if (!types.includes(typ?.toLowerCase() ?? '')) throw new Error(`A token of type ${typ} is no access token`);
  if (!algorithms.some((allowed) => allowed === alg)) throw new Error(`Algorithm ${alg} is not accepted`);
  const key = await keys.find(kid);
  if (!key) throw new ProblemError('unauthenticated', { detail: 'The access token is signed with a key that its issuer does not have.' });
  presented.kid = kid;
  return key;
}
