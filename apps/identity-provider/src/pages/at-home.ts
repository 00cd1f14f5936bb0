import type { FastifyReply, FastifyRequest } from 'fastify';
import { findAccountById, type Account } from '../accounts/accounts.js';
import { accountClient } from '../clients/first-party.js';
import { hashOf } from '../oidc/state-adapter.js';
import type { PageServices } from './visit.js';

/** Who is at this browser. `visit` names the session in our forms. */
export interface AtHome {
  readonly account: Account;
  readonly visit: string;
  /** Under which hash this browser's own session is kept. */
  readonly here: string;
  readonly acr: string | undefined;
  /** Seconds since he last proved who he is. */
  readonly age: number;
}

export async function atHome({ issuer, db }: PageServices, request: FastifyRequest, reply: FastifyReply): Promise<AtHome | undefined> {
  issuer.prepare(request.raw);
  const { provider } = issuer;
  const session = await provider.Session.get(provider.createContext(request.raw, reply.raw));
  const account = session.accountId ? await findAccountById(db, session.accountId) : undefined;
  if (!account) return undefined;
  const age = Math.floor(Date.now() / 1_000) - (session.loginTs ?? 0);
  return { account, visit: session.uid, here: hashOf(session.jti), acr: session.acr, age };
}

/** Signs in as at any application, and comes back with nothing but the session. `more` asks for more than that somebody is signed in. */
export function signInFirst({ issuer }: PageServices, reply: FastifyReply, more: Record<string, string> = {}): FastifyReply {
  const query = new URLSearchParams({
    client_id: accountClient,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${issuer.name}/account`,
    ...more,
  });
  return reply.header('cache-control', 'no-store').redirect(`/auth?${query.toString()}`, 303);
}

/** What changes how somebody proves who he is, he may do for ten minutes after he last did. */
export const freshSeconds = 600;
