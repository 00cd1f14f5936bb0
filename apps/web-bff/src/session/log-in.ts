import { scopesOf } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { Web } from './web.js';
import { sessionIdOf } from './cookies.js';
import { ownAddress } from './own-path.js';

/** All that our pages may need; the issuer gives what the person's role allows. */
const scope = ['openid', ...scopesOf(['admin'])].join(' ');

export interface Leaving {
  readonly location: string;
  readonly cookies: string[];
}

/** Sends the browser to the issuer, with what only this browser can complete: state, nonce and PKCE. */
export async function logIn({ issuer, signIns, publicUrl }: Web, returnTo: string, cookie: string | undefined): Promise<Leaving> {
  const target = ownAddress(returnTo, publicUrl);
  if (target === undefined) throw new ProblemError('invalid-request', { detail: 'returnTo must be a path of this site.' });

  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const challenge = await calculatePKCECodeChallenge(verifier);
  const parameters = { scope, state, nonce, code_challenge: challenge, code_challenge_method: 'S256' };
  const url = await issuer.authorizationUrl(parameters);

  const previous = sessionIdOf(cookie);
  return { location: url.href, cookies: signIns.begin(state, { verifier, nonce, target, ...(previous && { previous }) }, cookie) };
}
