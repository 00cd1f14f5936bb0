import type { AccessTokens } from './access-tokens.js';
import type { AuthenticationStep, Credential } from './authentication-step.js';
import { refusedCredential } from './challenge.js';

const usualPrefix = 'Bearer ';
const authorization = /^(Bearer|DPoP) +([A-Za-z0-9\-._~+/]+=*) *$/i;

/** readAccessToken: the step that takes the token from `Authorization`, `Bearer` (RFC 6750, section 2.1) or `DPoP` (RFC 9449, section 7.1), and from nowhere else. */
export const readAccessToken: AuthenticationStep = {
  name: 'read the access token',
  run(attempt) {
    attempt.credential = credentialOf(attempt.request.headers.authorization);
  },
};

/** recallOrVerify: the step that finds out what the credential says: at once where it is remembered, else by Passport. */
export function recallOrVerify(tokens: AccessTokens): AuthenticationStep {
  return {
    name: 'recall or verify the access token',
    run(attempt) {
      if (!attempt.credential) return undefined;
      const verified = tokens.accept(attempt.credential.text);
      if (verified instanceof Promise) return verified.then((found) => void (attempt.verified = found));
      attempt.verified = verified;
      return undefined;
    },
  };
}

/** admit: the last step: the caller is whom the token speaks for, if each key was shown that it is bound to. */
export const admit: AuthenticationStep = {
  name: 'admit the caller',
  run(attempt) {
    const { verified, credential, proven = [] } = attempt;
    if (!verified) return;
    const { confirmation, caller } = verified;
    if (confirmation) requireProofs(Object.keys(confirmation), proven);
    else if (credential?.scheme === 'dpop') throw refusedCredential(new Error('A token that is bound to no key came with the scheme DPoP'));
    attempt.caller = caller;
  },
};

/** bearerSteps: the table of a BFF whose callers have access tokens and nothing else. */
export const bearerSteps = (tokens: AccessTokens): readonly AuthenticationStep[] => [readAccessToken, recallOrVerify(tokens), admit];

/** Nothing is parsed in the usual case: what follows the prefix is looked up as it stands, and only whole tokens that were accepted are found. */
function credentialOf(header: string | string[] | undefined): Credential | undefined {
  if (typeof header !== 'string') return undefined;
  if (header.startsWith(usualPrefix) && !header.includes(' ', usualPrefix.length))
    return { scheme: 'bearer', text: header.slice(usualPrefix.length) };
  const [, scheme, text] = authorization.exec(header) ?? [];
  return scheme && text ? { scheme: scheme.toLowerCase() as Credential['scheme'], text } : undefined;
}

function requireProofs(members: readonly string[], proven: readonly string[]): void {
  const missing = members.find((member) => !proven.includes(member));
  if (missing) throw refusedCredential(new Error(`The client did not show the key that the token is bound to (${missing})`));
}
