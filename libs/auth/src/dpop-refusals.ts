import { ProblemError } from '@facet/errors';

const realm = 'DPoP realm="facet"';

/** The proof is none, or not one for this request: 401 (RFC 9449, section 7.1). Whoever made it may know why. `reason` goes into a quoted string. */
export function invalidProof(reason: string): ProblemError {
  return refusal('invalid_dpop_proof', `The DPoP proof is not accepted. ${reason}`);
}

/** The proof lacks a nonce of ours, or has an old one: 401 with one to use (RFC 9449, section 9). */
export function nonceNeeded(nonce: string): ProblemError {
  return refusal('use_dpop_nonce', 'The DPoP proof must have the nonce of this answer.', { 'dpop-nonce': nonce });
}

/** The token may be good, but not for who shows it like this: 401. */
export function wrongBinding(reason: string): ProblemError {
  return refusal('invalid_token', reason);
}

function refusal(error: string, detail: string, headers: Readonly<Record<string, string>> = {}): ProblemError {
  const challenge = `${realm}, error="${error}", error_description="${detail}"`;
  return new ProblemError('unauthenticated', { detail, headers: { 'www-authenticate': challenge, ...headers } });
}
