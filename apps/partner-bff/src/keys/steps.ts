import { looksLikePartnerKey, partnerKeyKind, type Attempt, type AuthenticationStep } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import type { KeyUses } from './key-uses.js';
import type { KnownKey, KnownKeys } from './known-keys.js';

const keyInUrl = /facet_(live|test)_/i;
/** As RFC 6750 once named it (section 2.3), and whatever is like it. */
const tokenInUrl = /[?&](access_token|api[_-]?key)=/i;

/** Refuses a key or a token in the URL, before anything else is looked at: others have read it by now. */
export const refuseCredentialInUrl: AuthenticationStep = {
  name: 'refuse a credential in the URL',
  run({ request: { url } }) {
    if (!holdsCredential(url)) return;
    const detail = 'Send it as `Authorization: Bearer …`, and revoke this one: addresses are written down in many places.';
    throw new ProblemError('credential-in-url', { detail });
  },
};

/** Finds out whom a partner key speaks for: at once where it is remembered, else by identity-provider; and whether it may be used from here. Nothing after it sees the key. */
export function recallOrAskForKey(keys: KnownKeys, uses: KeyUses): AuthenticationStep {
  return {
    name: 'recall or ask for the partner key',
    run(attempt) {
      const { credential } = attempt;
      if (!credential || !looksLikePartnerKey(credential.text)) return undefined;
      attempt.credential = undefined;
      if (credential.scheme !== 'bearer' || partnerKeyKind(credential.text) !== keys.kind) {
        throw refusedKey('This is no key of this environment, or it has a typo.');
      }
      const known = keys.recall(credential.text);
      return known ? admitKey(known, attempt, uses) : ask(keys, credential.text, attempt, uses);
    },
  };
}

async function ask(keys: KnownKeys, key: string, attempt: Attempt, uses: KeyUses): Promise<void> {
  const found = await keys.find(key, addressOf(attempt));
  if (!found) throw refusedKey('The key is not valid here, or no more.');
  admitKey(found, attempt, uses);
}

function admitKey({ id, caller, networks }: KnownKey, attempt: Attempt, uses: KeyUses): void {
  if (networks && !networks.has(addressOf(attempt))) {
    throw new ProblemError('network-not-allowed', { detail: 'This key is for use from certain networks, and this is none of them.' });
  }
  uses.note(id);
  attempt.caller = caller;
}

function addressOf({ request: { ip, socket } }: Attempt): string {
  return ip ?? socket?.remoteAddress ?? '';
}

function refusedKey(detail: string): ProblemError {
  const challenge = `Bearer realm="facet", error="invalid_token", error_description="${detail}"`;
  return new ProblemError('unauthenticated', { detail, headers: { 'www-authenticate': challenge } });
}

function holdsCredential(url: string): boolean {
  if (keyInUrl.test(url) || tokenInUrl.test(url)) return true;
  return url.includes('%') && [keyInUrl, tokenInUrl].some((form) => form.test(decoded(url)));
}

/** What cannot be decoded was refused before. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
