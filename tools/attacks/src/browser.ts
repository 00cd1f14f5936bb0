import type { Attack } from './attack.js';

const session = 'apps/web-bff/src/session';
const signIn = 'apps/web-bff/test/sign-in.in.spec.ts';

/** On the browser and its session. */
export const onTheBrowser: readonly Attack[] = [
  {
    attack: 'Open redirect: a `returnTo` that leads elsewhere',
    defence: 'Paths of our own alone, as a browser reads them',
    without: [
      { file: `${session}/own-path.ts`, replace: " || suspect.test(path) || !path.startsWith('/') || path.startsWith('//')", by: '' },
      { file: `${session}/own-path.ts`, replace: 'url.origin !== origin || ', by: '' },
    ],
    test: { file: signIn, name: 'never leads to %s' },
  },
  {
    attack: 'Session fixation: an id that somebody planted',
    defence: 'A sign-in always makes a new id, and ends what was there',
    without: [
      { file: `${session}/sessions.ts`, replace: 'async begin(tokens: Tokens)', by: 'async begin(tokens: Tokens, planted?: string)' },
      {
        file: `${session}/sessions.ts`,
        replace: "const id = randomBytes(32).toString('base64url');",
        by: "const id = planted ?? randomBytes(32).toString('base64url');",
      },
      {
        file: `${session}/complete-log-in.ts`,
        replace: 'await sessions.begin(tokens)',
        by: 'await sessions.begin(tokens, signIn.previous)',
      },
      { file: `${session}/complete-log-in.ts`, replace: '[signIn.previous, sessionIdOf(cookie)]', by: '([] as (string | undefined)[])' },
    ],
    test: { file: signIn, name: 'never takes over an id that somebody planted' },
  },
  {
    attack: 'CSRF: a request of another site, with the cookie and without the header',
    defence: '`x-csrf: 1` on every call, and no preflight is ever granted',
    without: [{ file: `${session}/steps.ts`, replace: "request.headers['x-csrf'] !== '1'", by: "request.headers['x-csrf'] === 'none'" }],
    test: { file: 'apps/web-bff/test/session.in.spec.ts', name: 'is what %s %s is not answered without, and nobody is led anywhere' },
  },
  {
    attack: 'Signing somebody out by a link',
    defence: 'The link holds what only pages of the session know',
    without: [{ file: `${session}/log-out.ts`, replace: "if (!isSame(sid ?? '', logoutSidOf(id)))", by: "if (sid === 'never')" }],
    test: { file: 'apps/web-bff/test/session.in.spec.ts', name: 'is not done by %s, which another site could lead to' },
  },
  {
    attack: 'Cookie tossing: a second session cookie from a neighbouring host',
    defence: '`__Host-` cookies, of which two are none',
    without: [{ file: `${session}/cookies.ts`, replace: ' || placeOf(header, at + 1) !== -1', by: '' }],
    test: { file: 'apps/web-bff/test/session.in.spec.ts', name: 'of two session cookies takes neither' },
  },
  {
    attack: 'A sign-in that another browser began (login CSRF)',
    defence: 'State opens only the sealed cookie of the browser that began it',
    without: [
      {
        file: `${session}/complete-log-in.ts`,
        replace: '  if (!signIn) throw notOurs();',
        by: "  if (!signIn) return { target: publicUrl, cookies: [setSessionCookie('x'.repeat(43))] };",
      },
    ],
    test: { file: signIn, name: 'of another browser' },
  },
  {
    attack: 'A code of somebody else, put into one’s own sign-in',
    defence: 'PKCE: the code fits the verifier of the browser that asked for it; so does the nonce',
    without: [
      {
        file: `${session}/log-in.ts`,
        replace: '[randomState(), randomNonce(), randomPKCECodeVerifier()]',
        by: "[randomState(), 'n'.repeat(43), 'v'.repeat(43)]",
      },
    ],
    test: { file: signIn, name: "with somebody else's code is refused by PKCE" },
  },
  {
    attack: 'A logout token that is replayed',
    defence: 'Each `jti` once over all replicas',
    without: [
      {
        file: `${session}/end-by-backchannel.ts`,
        replace: 'if (!(await state.insert(key, Buffer.alloc(0), ttlMs)))',
        by: 'if (ttlMs < 0)',
      },
    ],
    test: { file: 'apps/web-bff/test/backchannel.in.spec.ts', name: 'each token counts once, over all replicas' },
  },
  {
    attack: 'An ID token, passed off as a logout token',
    defence: 'A logout token has the event, and no nonce',
    without: [{ file: `${session}/end-by-backchannel.ts`, replace: '  nonce: z.never().optional(),\n', by: '' }],
    test: { file: 'apps/web-bff/test/backchannel.in.spec.ts', name: 'has a nonce' },
  },
];
