import { audienceOf, scopesOf } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { findAccount, type Account } from '../accounts/accounts.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { findPartner } from '../clients/partners.js';
import type { AccessTokens } from '../oidc/access-tokens.js';
import type { Db } from '../store/tables.js';
import type { DevToken, DevTokenRequest } from './dev-token.view.js';

const lifetimeSeconds = 3_600;

/**
 * A token for anybody, without asking them: what a person would get who signed in at this client and agreed to everything. Bound to a key, where one was
 * shown; who has none to show at the phone's application is its twin of development, whose tokens need no key.
 */
export async function issueDevToken(
  { db, tokens, audit }: { db: Db; tokens: AccessTokens; audit: AuditTrail },
  { user, client, scope }: DevTokenRequest,
  jkt?: string,
): Promise<DevToken> {
  const account = await findAccount(db, user);
  if (!account) throw refusal(`There is no user ${user}.`);
  const allowed = await scopesAt(db, account, client);
  const scopes = scope === undefined ? allowed : chosen(scope, allowed);
  await audit.record(db, { event: 'demo-token', accountId: account.id, clientId: client });
  const speaking = client === 'mobile-app' && jkt === undefined ? 'mobile-app-dev' : client;
  return { access_token: await tokens.issue({ account, client: speaking, scopes, lifetimeSeconds, jkt }), expires_in: lifetimeSeconds };
}

async function scopesAt(db: Db, account: Account, client: string): Promise<readonly string[]> {
  const own = scopesOf([account.role]);
  const partner = await findPartner(db, client);
  if (account.kind === 'bot' && account.id !== partner?.bot.id) throw refusal(`${account.username} is the bot of another client.`);
  if (partner) return own.filter((scope) => partner.scopes.includes(scope));
  if (audienceOf(client) === 'partner-bff') throw refusal(`There is no client ${client}.`);
  return own;
}

function chosen(scope: string, allowed: readonly string[]): string[] {
  const scopes = scope.split(' ').filter(Boolean);
  const beyond = scopes.filter((each) => !allowed.includes(each));
  if (beyond.length > 0) throw refusal(`Not allowed for this user and client: ${beyond.join(' ')}.`);
  return [...new Set(scopes)].sort();
}

function refusal(detail: string): ProblemError {
  return new ProblemError('invalid-request', { detail });
}
