import type { Attack } from './attack.js';

const strategy = 'libs/auth/src/access-token-strategy.ts';
const claims = 'libs/auth/src/access-token-claims.ts';
const keys = 'libs/auth/src/signing-keys.ts';
const file = 'libs/auth/test/access-token.in.spec.ts';

/** On the tokens that clients show to a BFF. */
export const onTokens: readonly Attack[] = [
  {
    attack: 'Algorithm confusion: a token that is signed by HMAC with the public key as secret',
    defence: 'ES256 and RS256 alone, with keys that are objects and never text',
    without: [
      { file: strategy, replace: "['ES256', 'RS256'] as const", by: "['ES256', 'RS256', 'HS256'] as const" },
      {
        file: strategy,
        replace: '  return key;\n',
        by: "  return alg === 'HS256' ? (await import('node:crypto')).createSecretKey(Buffer.from(key.export({ type: 'spki', format: 'pem' }))) : key;\n",
      },
    ],
    test: { file, name: 'that is signed by HMAC with the public key as secret is refused' },
  },
  {
    attack: 'A token without a signature (`none`)',
    defence: 'The same list of algorithms',
    without: [
      { file: strategy, replace: "['ES256', 'RS256'] as const", by: "['ES256', 'RS256', 'none'] as const" },
      {
        file: strategy,
        replace: '  const key = await keys.find(kid);\n',
        by: "  if (alg === 'none') return undefined as never;\n  const key = await keys.find(kid);\n",
      },
    ],
    test: { file, name: 'that is unsigned is refused' },
  },
  {
    attack: 'A token that is signed with a key of one’s own under the name of the issuer’s',
    defence: 'Keys come from the issuer’s key set, never from the token',
    without: [
      {
        file: strategy,
        replace: '      secretOrKeyProvider: (',
        by: '      jsonWebTokenOptions: {},\n      secretOrKeyProvider: (_request: unknown, token: string, done: (failure: unknown, key?: never) => void) => void import("node:crypto").then(({ createPublicKey }) => done(null, createPublicKey({ key: JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()).jwk, format: "jwk" }) as never)),\n      ignored: (',
      },
    ],
    test: { file, name: 'that is signed with a key of its own is refused' },
  },
  {
    attack: 'An ID token as access token',
    defence: 'The type `at+jwt` is required (RFC 9068)',
    without: [{ file: strategy, replace: "types.includes(typ?.toLowerCase() ?? '')", by: 'true' }],
    test: { file, name: 'is an ID token' },
  },
  {
    attack: 'A token for another BFF',
    defence: 'The audience is compared',
    without: [{ file: strategy, replace: '      audience,\n', by: '' }],
    test: { file, name: 'is for another BFF' },
  },
  {
    attack: 'A token of another issuer',
    defence: 'The issuer is compared',
    without: [{ file: strategy, replace: '      issuer,\n      audience', by: '      audience' }],
    test: { file, name: 'is of another issuer' },
  },
  {
    attack: 'A flood of tokens with unknown keys',
    defence: 'The issuer is asked at most once per interval',
    without: [{ file: keys, replace: 'Date.now() + this.#options.refetchMs', by: '0' }],
    test: { file, name: 'is asked for an unknown key at most once per interval' },
  },
  {
    attack: 'A token that has expired',
    defence: '`exp` is required and compared, five seconds of drift aside',
    without: [
      {
        file: strategy,
        replace: 'passReqToCallback: true',
        by: 'passReqToCallback: true, ignoreExpiration: true',
      },
    ],
    test: { file, name: 'has expired' },
  },
  {
    attack: 'A token from the future',
    defence: '`iat` is required and compared',
    without: [{ file: claims, replace: '(issuedAt) => issuedAt <= Date.now() / 1000 + clockToleranceSeconds', by: '() => true' }],
    test: { file, name: 'was issued in the future' },
  },
  {
    attack: 'A token that is bound to a key, stolen and shown as plain bearer',
    defence: 'Who admits the caller wants to see each key that the token is bound to',
    without: [
      {
        file: 'libs/auth/src/access-token-steps.ts',
        replace: 'if (confirmation) requireProofs(Object.keys(confirmation), proven);',
        by: 'if (confirmation && proven.length > 9) requireProofs(Object.keys(confirmation), proven);',
      },
    ],
    test: { file: 'libs/auth/test/guards.in.spec.ts', name: 'a token that is bound to a key is no bearer token' },
  },
];
