import { audienceOf, facetClaims, scopesOf, type Role } from '@facet/auth';
import { errors, type Account, type Client, type JWTStructured, type KoaContextWithOIDC } from 'oidc-provider';
import { hashOf } from './state-adapter.js';

/** An account as oidc-provider asks for it. */
export interface SignedInAccount extends Account {
  readonly role: Role;
  readonly tokensNotBefore?: Date | null | undefined;
}

/** What of an access token our rules add to what the library knows of it. */
interface IssuedToken {
  readonly kind: string;
  readonly client?: Client | undefined;
  readonly sid?: string | undefined;
  readonly grantId?: string | undefined;
}

/** The name of a BFF as a resource (RFC 8707). */
export function resourceOf({ clientId }: Client): string {
  return `urn:facet:${audienceOf(clientId)}`;
}

/** A client has one audience; its token never allows more than the client's registration and the role of whom it speaks for. */
export function resourceServer(context: KoaContextWithOIDC, resource: string, client: Client) {
  if (resource !== resourceOf(client)) throw new errors.InvalidTarget();
  const account = context.oidc.entities.Account as SignedInAccount | undefined;
  const allowed: readonly string[] = account ? scopesOf([account.role]) : scopesOf(['admin']);
  return {
    scope: (client.scope ?? '')
      .split(' ')
      .filter((scope) => allowed.includes(scope))
      .join(' '),
    audience: audienceOf(client.clientId),
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'ES256' as const } },
  };
}

export function completeClaims(context: KoaContextWithOIDC, token: IssuedToken, { payload }: JWTStructured): void {
  if (token.kind === 'ClientCredentials') return speakForBot(token, payload);
  const { AuthorizationCode: code, RefreshToken: refresh, Account: account } = context.oidc.entities;
  const source = code ?? refresh;
  if (!account || !source) throw new Error('A token for nobody');
  const scopes = String(payload.scope ?? '').split(' ');
  Object.assign(payload, facetClaims({ kind: 'user', roles: [(account as SignedInAccount).role], scopes }), {
    iat: issuedAt(payload.iat as number, (account as SignedInAccount).tokensNotBefore),
    sid: token.sid ?? hashOf(token.grantId ?? ''),
    auth_time: source.authTime,
    ...(source.acr && { acr: source.acr }),
    ...(source.amr && { amr: source.amr }),
  });
}

/** A token says the second in which it was issued; one that was issued right after others were revoked says the next one, so that it is none of them. */
export function issuedAt(now: number, tokensNotBefore: Date | null | undefined): number {
  return tokensNotBefore ? Math.max(now, Math.floor(tokensNotBefore.getTime() / 1_000) + 1) : now;
}

function speakForBot({ client }: IssuedToken, payload: JWTStructured['payload']): void {
  const { bot_id, bot_role } = { ...client?.metadata() } as Readonly<Record<string, unknown>>;
  if (typeof bot_id !== 'string' || typeof bot_role !== 'string') throw new Error('A token for a client without a bot');
  const scopes = String(payload.scope ?? '').split(' ');
  Object.assign(payload, { sub: bot_id, ...facetClaims({ kind: 'bot', roles: [bot_role], scopes }) });
}
