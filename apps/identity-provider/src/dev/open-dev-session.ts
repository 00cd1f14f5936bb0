import { scopesOf } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { findAccount } from '../accounts/accounts.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { assurance } from '../oidc/assurance.js';
import type { Issuer } from '../oidc/issuer.js';
import { resourceOf } from '../oidc/token-claims.js';
import type { Db } from '../store/tables.js';

const clientId = 'web-app';
const lifetimeSeconds = 86_400;

/**
 * What is left of it when somebody has signed in at the browser's application with a password: a session, a grant, and a refresh token, which only that
 * application can use, with its key. They end as those of people do.
 */
export async function openDevSession(
  { db, issuer: { provider }, audit }: { db: Db; issuer: Issuer; audit: AuditTrail },
  user: string,
): Promise<{ refresh_token: string }> {
  const [account, client] = [await findAccount(db, user), await provider.Client.find(clientId)];
  if (!account || account.kind === 'bot') throw new ProblemError('invalid-request', { detail: `There is no user ${user}.` });
  if (!client) throw new ProblemError('not-found', { detail: `The client ${clientId} is not configured.` });
  const { id: accountId } = account;
  const scope = ['openid', ...scopesOf([account.role])].join(' ');

  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(resourceOf(client), scope);
  const grantId = await grant.save();

  const session = new provider.Session();
  session.loginAccount({ accountId, acr: assurance.single, amr: ['pwd'] });
  session.ensureClientContainer(clientId);
  session.grantIdFor(clientId, grantId);
  await session.save(lifetimeSeconds);

  const token = new provider.RefreshToken({
    ...{ accountId, client, grantId, scope, claims: {}, gty: 'authorization_code', resource: resourceOf(client) },
    ...{ acr: assurance.single, amr: ['pwd'], authTime: session.authTime(), sid: session.sidFor(clientId) },
    ...{ sessionUid: session.uid, expiresWithSession: true },
  } as never);
  await audit.record(db, { event: 'demo-token', accountId, clientId });
  return { refresh_token: await token.save() };
}
