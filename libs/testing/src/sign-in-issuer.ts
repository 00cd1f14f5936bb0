import { hash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, jwtVerify, type CryptoKey } from 'jose';
import { startIssuer, type TestIssuer, type TokenRequest } from './access-tokens.js';
import { callerOf, userIds, type TestUser } from './callers.js';

/** TokenTrouble: what the token endpoint does instead of its work: it waits for a promise, gives an OAuth error, or any status. */
export interface TokenTrouble {
  readonly until?: Promise<unknown>;
  readonly error?: string;
  readonly status?: number;
}

/** SignInIssuer: an issuer at which people sign in to the confidential client `web-app` (code, PKCE, private_key_jwt), as a test says. */
export interface SignInIssuer extends TestIssuer {
  /** CLIENT_KEY of the application under test. */
  readonly clientKey: string;
  /** Signs somebody in who was sent to this URL. Returns where the browser is sent back to. */
  signIn(authorizationUrl: string, who?: Partial<TokenRequest>, claims?: Readonly<Record<string, unknown>>): string;
  /** How often the token endpoint was asked to refresh, and which refresh tokens it was told to forget. */
  readonly refreshes: number;
  readonly revoked: readonly string[];
  /** How long refreshed access tokens live. */
  lifetimeSeconds: number;
  trouble: TokenTrouble | undefined;
}

interface SignedIn {
  readonly asked: URLSearchParams;
  readonly who: TokenRequest;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** startSignInIssuer: such an issuer on a port of its own. It checks what a client must prove; what it says of who signs in is the test's. */
export async function startSignInIssuer(): Promise<SignInIssuer> {
  const client = await generateKeyPair('ES256', { extractable: true });
  const clientKey = JSON.stringify({ ...(await exportJWK(client.privateKey)), kid: 'client', alg: 'ES256', use: 'sig' });
  const at: TokenEndpoint = { codes: new Map(), tokens: new Map(), revoked: [], refreshes: 0, lifetimeSeconds: 600, trouble: undefined };
  const issuer = await startIssuer({ metadata, handle: (request, response) => handle(request, response) });

  const handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'POST') return false;
    answer(at, issuer, client.publicKey, request).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (failure: unknown) => response.writeHead(500).end(JSON.stringify({ error: 'server_error', error_description: String(failure) })),
    );
    return true;
  };

  return {
    ...issuer,
    clientKey,
    signIn(url, who = {}, claims = {}) {
      const asked = new URL(url).searchParams;
      const code = randomUUID();
      at.codes.set(code, { asked, who: { user: 'alice', client: 'web-app', ...who }, claims });
      return `${asked.get('redirect_uri')}?${new URLSearchParams({ code, state: asked.get('state') ?? '', iss: issuer.issuer })}`;
    },
    get refreshes() {
      return at.refreshes;
    },
    get revoked() {
      return at.revoked;
    },
    get lifetimeSeconds() {
      return at.lifetimeSeconds;
    },
    set lifetimeSeconds(seconds) {
      at.lifetimeSeconds = seconds;
    },
    get trouble() {
      return at.trouble;
    },
    set trouble(trouble) {
      at.trouble = trouble;
    },
  };
}

interface TokenEndpoint {
  readonly codes: Map<string, SignedIn>;
  readonly tokens: Map<string, SignedIn>;
  revoked: string[];
  refreshes: number;
  lifetimeSeconds: number;
  trouble: TokenTrouble | undefined;
}

const metadata = (issuer: string) => ({
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/token/revocation`,
  end_session_endpoint: `${issuer}/session/end`,
  authorization_response_iss_parameter_supported: true,
  id_token_signing_alg_values_supported: ['ES256'],
});

interface Reply {
  readonly status: number;
  readonly body: object;
}

async function answer(at: TokenEndpoint, issuer: TestIssuer, key: CryptoKey, request: IncomingMessage): Promise<Reply> {
  if (request.url === '/dev/session') return openSession(at, JSON.parse(await text(request)) as { user: string });
  const form = new URLSearchParams(await text(request));
  await jwtVerify(form.get('client_assertion') ?? '', key, { issuer: 'web-app', audience: issuer.issuer, subject: 'web-app' });
  if (request.url === '/token/revocation') {
    at.revoked.push(form.get('token')!);
    at.tokens.delete(form.get('token')!);
    return { status: 200, body: {} };
  }
  const refresh = form.get('grant_type') === 'refresh_token';
  if (refresh) at.refreshes += 1;
  await at.trouble?.until;
  return failureOf(at) ?? (refresh ? refreshed(at, issuer, form) : exchanged(at, issuer, form));
}

function failureOf({ trouble }: TokenEndpoint): Reply | undefined {
  if (!trouble?.status && !trouble?.error) return undefined;
  return { status: trouble.status ?? 400, body: { error: trouble.error ?? 'server_error' } };
}

/** What identity-provider has in development: the refresh token of a session that it opened. */
function openSession(at: TokenEndpoint, { user }: { user: string }): Reply {
  if (!Object.hasOwn(userIds, user)) return { status: 400, body: { code: 'invalid-request' } };
  const token = randomUUID();
  at.tokens.set(token, { asked: new URLSearchParams(), who: { user: user as TestUser, client: 'web-app' }, claims: {} });
  return { status: 200, body: { refresh_token: token } };
}

async function refreshed(at: TokenEndpoint, issuer: TestIssuer, form: URLSearchParams): Promise<Reply> {
  const token = form.get('refresh_token')!;
  const signedIn = at.tokens.get(token);
  if (!signedIn) return { status: 400, body: { error: 'invalid_grant' } };
  const who = { ...signedIn.who, lifetimeSeconds: at.lifetimeSeconds };
  return { status: 200, body: await tokensFor(issuer, { ...signedIn, who }, token, undefined) };
}

async function exchanged(at: TokenEndpoint, issuer: TestIssuer, form: URLSearchParams): Promise<Reply> {
  const signedIn = at.codes.get(form.get('code') ?? '');
  at.codes.delete(form.get('code') ?? '');
  const challenge = hash('sha256', form.get('code_verifier') ?? '', 'base64url');
  const right = signedIn?.asked.get('code_challenge') === challenge && signedIn.asked.get('redirect_uri') === form.get('redirect_uri');
  if (!signedIn || !right) return { status: 400, body: { error: 'invalid_grant' } };
  const token = randomUUID();
  at.tokens.set(token, signedIn);
  return { status: 200, body: await tokensFor(issuer, signedIn, token, signedIn.asked.get('nonce') ?? undefined) };
}

async function tokensFor(issuer: TestIssuer, { who, claims }: SignedIn, refresh_token: string, nonce: string | undefined) {
  const { subject, session: sid } = callerOf(who.user);
  const now = Math.floor(Date.now() / 1_000);
  const about = { aud: 'web-app', sub: subject, iat: now, exp: now + 3_600, auth_time: now, ...(sid && { sid }), ...(nonce && { nonce }) };
  return {
    access_token: await issuer.issue(who),
    token_type: 'Bearer',
    expires_in: who.lifetimeSeconds ?? 3_600,
    refresh_token,
    id_token: await issuer.sign({ ...about, ...claims }, 'JWT'),
  };
}
