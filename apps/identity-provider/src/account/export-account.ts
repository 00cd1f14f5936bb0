import type { Vault } from '../keys/vault.js';
import { readAudit, type AuditRow } from '../audit/read-audit.js';
import { administeredBy } from '../partner-keys/partner-admins.js';
import type { SignInServices } from '../sign-in/sign-in.js';
import { allowedClients } from './allowed-clients.js';
import { whereaboutsOf } from './places.js';
import { signedInPlaces } from './sessions.js';

type Services = Pick<SignInServices, 'db' | 'personal' | 'audit'> & { readonly vault: Vault };

const page = 500;

/** All that this application keeps about somebody, in words he can take elsewhere. Of what proves who he is there is only that it exists, and since when. */
export async function exportOf(services: Services, accountId: string) {
  const { db, personal, vault } = services;
  const account = await db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow();
  const password = await db.selectFrom('password').select('changed_at').where('account_id', '=', accountId).executeTakeFirst();
  const passkeys = await db.selectFrom('passkey').select(['name', 'created_at', 'used_at']).where('account_id', '=', accountId).execute();
  const app = await db.selectFrom('totp').select('confirmed_at').where('account_id', '=', accountId).executeTakeFirst();
  const codes = await db.selectFrom('backup_code').select('used_at').where('account_id', '=', accountId).execute();
  const { id, username, name, role, kind, status, created_at } = account;
  const places = await signedInPlaces(db, accountId);
  const whereabouts = await whereaboutsOf(db, vault, accountId);
  return {
    account: {
      id,
      username,
      name,
      role,
      kind,
      status,
      email: personal.emailOf(account),
      phone: personal.phoneOf(account),
      createdAt: created_at,
    },
    password: password ? { changedAt: password.changed_at } : null,
    passkeys: passkeys.map((passkey) => ({ name: passkey.name, addedAt: passkey.created_at, lastUsed: passkey.used_at })),
    secondFactor: {
      authenticatorApp: app?.confirmed_at ? { since: app.confirmed_at } : null,
      backupCodes: { left: codes.filter(({ used_at }) => !used_at).length, used: codes.flatMap(({ used_at }) => used_at ?? []) },
    },
    allowed: await allowedClients(db, vault, accountId),
    signedIn: places.map(({ id, kind, clientId, since, lastUsed }) => ({
      kind,
      client: clientId,
      since,
      lastUsed,
      from: whereabouts.get(id) ?? null,
    })),
    managesKeysOf: await administeredBy(db, accountId),
    securityEvents: await eventsOf(services, accountId),
  };
}

/** What the audit trail tells of him, and of who tried his names. */
async function eventsOf(services: Services, accountId: string) {
  const rows: AuditRow[] = [];
  for (let after: string | undefined; ; after = rows.at(-1)!.id) {
    const more = await readAudit(services, { who: accountId, after }, page);
    rows.push(...more);
    if (more.length < page) break;
  }
  return rows.map(({ at, event, about, outcome, clientId, address, agent, count }) => ({
    at,
    event,
    about,
    outcome,
    client: clientId,
    address,
    agent,
    count,
  }));
}
