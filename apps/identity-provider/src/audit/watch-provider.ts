import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Db } from '../store/tables.js';
import type { AuditTrail, Entry } from './audit-trail.js';

interface Problem {
  readonly error?: string;
  readonly error_detail?: string;
}

const refused = new WeakMap<object, Problem>();
const ended = new WeakSet<object>();

/**
 * Tells the trail what oidc-provider saw: clients that are not who they say, refresh tokens used again, sessions and tokens ended. To be the outermost. What
 * it saw is done by then, so a trail that cannot be written is reported, and the answer stays as it is.
 */
export function watchProvider(provider: Provider, db: Db, audit: AuditTrail, report: (error: unknown) => void): void {
  const refuse = (context: object, error: object) => void refused.set(context, error);
  provider.on('grant.error', refuse);
  provider.on('pushed_authorization_request.error', refuse);
  provider.on('revocation.error', refuse);
  provider.on('end_session.success', (context) => void ended.add(context));
  provider.use(async (context, next) => {
    const { session } = context as { session?: { accountId?: string } };
    await next();
    const entry = entryOf(context as KoaContextWithOIDC);
    if (entry) await audit.record(db, { accountId: session?.accountId, ...entry }).catch(report);
  });
}

function entryOf(context: KoaContextWithOIDC): Entry | undefined {
  const { oidc } = context;
  if (!oidc) return undefined;
  const problem = context.status >= 400 ? refused.get(context) : undefined;
  if (problem) return refusalOf(problem, oidc);
  if (ended.has(context)) return { event: 'session-ended', about: 'browser', ...whoOf(oidc) };
  const revoked = oidc.route === 'revocation' && context.status === 200;
  return revoked ? { event: 'session-ended', about: 'application', ...whoOf(oidc) } : undefined;
}

function refusalOf({ error, error_detail = '' }: Problem, oidc: KoaContextWithOIDC['oidc']): Entry | undefined {
  if (error === 'invalid_client') return { event: 'client-authentication', outcome: 'refused', ...whoOf(oidc) };
  const reused = oidc.params?.grant_type === 'refresh_token' && error_detail.endsWith('already used');
  return reused ? { event: 'refresh-reuse', outcome: 'refused', ...whoOf(oidc) } : undefined;
}

function whoOf({ client, params, entities, session }: KoaContextWithOIDC['oidc']) {
  const token = entities.RefreshToken as { accountId?: string } | undefined;
  const tried = typeof params?.client_id === 'string' ? params.client_id : undefined;
  return {
    accountId: token?.accountId ?? entities.Account?.accountId ?? session?.accountId,
    ...(client ? { clientId: client.clientId } : tried !== undefined && { tried }),
  };
}
