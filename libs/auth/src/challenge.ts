import { ProblemError, type ProblemOptions } from '@facet/errors';
import type { AssuranceNeeded } from './circumstances.js';
import type { Scope } from './roles.js';

const realm = 'Bearer realm="facet"';

/** Nobody said who is calling: 401 with a bare challenge (RFC 6750, section 3). */
export function noCredential(): ProblemError {
  return new ProblemError('unauthenticated', {
    detail: 'This needs an access token: `Authorization: Bearer …`.',
    headers: { 'www-authenticate': realm },
  });
}

/** A token that is not accepted: 401 that says so and, in words that are safe, why. A dependency that was away stays what it is. */
export function refusedCredential(cause: unknown): ProblemError {
  if (cause instanceof ProblemError && cause.code !== 'unauthenticated') return cause;
  const expired = cause instanceof Error && cause.name === 'TokenExpiredError';
  const detail = expired ? 'The access token has expired.' : 'The access token is not valid here.';
  const challenge = `${realm}, error="invalid_token", error_description="${detail}"`;
  return new ProblemError('unauthenticated', { detail, headers: { 'www-authenticate': challenge }, cause });
}

/** A token without a scope that the route needs: 403 that names it. */
export function missingScope(scopes: readonly Scope[], options: Pick<ProblemOptions, 'detail' | 'explanation'> = {}): ProblemError {
  const needed = scopes.join(' ');
  const detail = options.detail ?? `The access token lacks a scope; this needs: ${needed}.`;
  const challenge = `${realm}, error="insufficient_scope", error_description="${detail}", scope="${needed}"`;
  return new ProblemError('insufficient-scope', { ...options, detail, headers: { 'www-authenticate': challenge } });
}

/** A caller who has proven who they are, but not strongly or not lately enough: 401 that says what is asked for (RFC 9470, section 3). */
export function insufficientAuthentication({ acr, maxAgeSeconds }: AssuranceNeeded, because: string): ProblemError {
  const detail = 'This needs a stronger or more recent sign-in.';
  const asked = [acr && `acr_values="${acr}"`, maxAgeSeconds !== undefined && `max_age="${maxAgeSeconds}"`].filter(Boolean);
  const challenge = [realm, 'error="insufficient_user_authentication"', `error_description="${detail}"`, ...asked].join(', ');
  const explanation = { rule: 'assurance', because };
  return new ProblemError('insufficient-user-authentication', { detail, explanation, headers: { 'www-authenticate': challenge } });
}
