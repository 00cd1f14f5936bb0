import { hash } from 'node:crypto';
import { ProblemError } from '@facet/errors';
import type { SharedState } from '@facet/state';
import { z } from 'zod';
import type { Web } from './web.js';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const longestMs = 3_600_000;

/** OpenID Connect Back-Channel Logout 1.0, section 2.4. With a nonce it could be an ID token that somebody passes off as this. */
const Claims = z.object({
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(1),
  events: z.looseObject({ [event]: z.looseObject({}) }),
  sid: z.string().min(1).optional(),
  sub: z.string().min(1).optional(),
  nonce: z.never().optional(),
});

/** The issuer says that somebody is signed out: their sessions here end, on all replicas. Each token counts once; one that could not be obeyed may come again. */
export async function endByBackchannel({ issuer, sessions }: Web, state: SharedState, token: string): Promise<void> {
  const { iat, exp, jti, sid, sub } = await claimsOf(issuer, token);
  const key = `logout:${hash('sha256', jti, 'base64url')}`;
  const ttlMs = Math.min(longestMs, Math.max(1, exp * 1_000 - Date.now()) + 60_000);
  if (!(await state.insert(key, Buffer.alloc(0), ttlMs))) throw refused(new Error('This token was used before'));
  try {
    if (sid !== undefined) await sessions.endAll({ sid }, iat);
    else await sessions.endAll({ subject: sub! }, iat);
  } catch (failure) {
    await state.delete(key).catch(() => undefined);
    throw failure;
  }
}

async function claimsOf(issuer: Web['issuer'], token: string): Promise<z.infer<typeof Claims>> {
  try {
    const claims = Claims.parse(await issuer.logoutClaims(token));
    if (claims.sid === undefined && claims.sub === undefined) throw new Error('It names neither a session nor a person');
    return claims;
  } catch (failure) {
    throw failure instanceof ProblemError || isOutage(failure) ? unavailable(failure) : refused(failure);
  }
}

/** The keys could not be fetched: the issuer comes again later. */
function isOutage(failure: unknown): boolean {
  const { code } = { ...(failure as { code?: unknown }) };
  return failure instanceof TypeError || code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JOSE_GENERIC';
}

function unavailable(cause: unknown): ProblemError {
  return cause instanceof ProblemError ? cause : new ProblemError('dependency-unavailable', { retryAfterSeconds: 1, cause });
}

function refused(cause: unknown): ProblemError {
  return new ProblemError('invalid-request', { detail: 'The logout token is not accepted.', cause });
}
