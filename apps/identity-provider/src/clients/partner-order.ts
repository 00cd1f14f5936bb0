import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { isRole, scopesOf, type Role, type Scope } from '@facet/auth';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { isFirstParty, PublicKeys } from './first-party.js';

const clientId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{2,62}$/, 'is 3 to 63 small letters, digits and hyphens')
  .refine((id) => !isFirstParty(id), 'is one of our own applications');
const username = z.string().regex(/^[a-z0-9][a-z0-9._-]{2,63}$/, 'is 3 to 64 small letters, digits, dots, hyphens and underscores');
const name = z
  .string()
  .trim()
  .normalize('NFC')
  .refine(
    (text) => text !== '' && [...text].length <= 60 && !/\p{C}/u.test(text),
    'is what people read when they are asked, in 60 characters at most',
  );
const fewestRsaBits = 2_048;

/** Keys that verify what the library lets a partner sign with: ES256 and its like, EdDSA, or RSA that is long enough. */
const jwks = PublicKeys.refine(({ keys }) => keys.every(verifies), 'is a JWK Set of public keys: EC, or RSA from 2,048 bits').refine(
  ({ keys }) => new Set(keys.map(({ kid }) => kid)).size === keys.length,
  'names each of several keys by a kid of its own',
);

/** What an operator may say of a partner's application. */
const Said = z.object({
  scopes: z.array(z.string()),
  jwks,
  redirectUris: z.array(z.string()),
  certificateBound: z.boolean(),
  pushedRequests: z.boolean(),
});

/** PartnerOrder: a partner's application that is to be registered. Without keys it gets a secret. */
export const PartnerOrder = Said.partial().extend({ clientId, name, botName: username, role: z.string().refine(isRole, 'is no role') });
export type PartnerOrder = z.infer<typeof PartnerOrder>;

/** PartnerChange: what becomes different. `jwks: null`: a new secret instead of keys; `scopes: null`: whatever its role allows. */
export const PartnerChange = Said.extend({ jwks: jwks.nullable(), scopes: z.array(z.string()).nullable() }).partial();
export type PartnerChange = z.infer<typeof PartnerChange>;

/** A partner's application as it is to be. */
export interface Registration {
  readonly scopes: readonly Scope[] | null;
  readonly jwks: JSONWebKeySet | null;
  readonly redirectUris: readonly string[];
  readonly certificateBound: boolean;
  readonly pushedRequests: boolean;
}

/** What is wrong with it as a whole, for who wants to register it; nothing where all is well. */
export function faultOf({ scopes, redirectUris, pushedRequests }: Registration, role: Role, development: boolean): string | undefined {
  const beyond = scopes?.find((scope) => !scopesOf([role]).includes(scope));
  if (beyond) return `scopes: ${beyond} is not what a bot with the role ${role} may do: ${scopesOf([role]).join(' ')}.`;
  if (scopes?.length === 0) return 'scopes: there is none.';
  const wrong = redirectUris.find((uri) => !isRedirect(uri, development));
  if (wrong) return `redirect-uri: ${wrong} is no address to come back to: https, whole, without a fragment.`;
  if (pushedRequests && redirectUris.length === 0) return 'pushed-requests: it sends nobody here: it has no redirect-uri.';
  return undefined;
}

/** Compared as a text, so it must be the one way of writing it. On this machine a developer needs no certificate. */
function isRedirect(text: string, development: boolean): boolean {
  const uri = URL.parse(text);
  if (!uri || uri.username || uri.password || text.includes('#') || text.includes('*') || uri.href !== text) return false;
  return (
    uri.protocol === 'https:' || (development && uri.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(uri.hostname))
  );
}

function verifies(jwk: z.infer<typeof PublicKeys>['keys'][number]): boolean {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const { modulusLength = Infinity } = key.asymmetricKeyDetails ?? {};
    return modulusLength >= fewestRsaBits && jwk.use !== 'enc';
  } catch {
    return false;
  }
}
