import type { PersonalData } from '../accounts/personal-data.js';
import type { AuditEvent, AuditOutcome, AuditSubject, Db } from '../store/tables.js';
import type { AuditTrail } from './audit-trail.js';

export interface AuditFilter {
  /** Username, address or id. */
  readonly who?: string | undefined;
  readonly event?: AuditEvent | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** The id of the row after which a page begins. */
  readonly after?: string | undefined;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly event: AuditEvent;
  readonly outcome: AuditOutcome;
  readonly about: AuditSubject | null;
  readonly accountId: string | null;
  readonly triedHash: string | null;
  readonly clientId: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly agent: string | null;
  /** How often, where rows were counted into one. */
  readonly count: number;
}

interface Services {
  readonly db: Db;
  readonly personal: PersonalData;
  readonly audit: AuditTrail;
}

/** What ids look like. */
export const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Security events, the newest first. */
export async function readAudit(services: Services, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
  const { db, audit } = services;
  const { event, from, to, after } = filter;
  const who = filter.who ? await subjectsOf(services, filter.who) : undefined;
  const rows = await db
    .selectFrom('audit_event')
    .selectAll()
    .$if(event !== undefined, (query) => query.where('event', '=', event!))
    .$if(from !== undefined, (query) => query.where('at', '>=', from!))
    .$if(to !== undefined, (query) => query.where('at', '<', to!))
    .$if(after !== undefined, (query) => query.where('id', '<', after!))
    .$if(who !== undefined, (query) =>
      query.where(({ or, eb }) => or([eb('name_hash', 'in', who!.hashes), ...(who!.id ? [eb('account_id', '=', who!.id)] : [])])),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, at, event, outcome, about, account_id, name_hash, client_id, request_id, sealed, key_version, count }) => ({
    ...{ id, at, event, outcome, about, accountId: account_id, triedHash: name_hash, clientId: client_id, requestId: request_id, count },
    ...audit.fromOf({ id, sealed, key_version }),
  }));
}

/** An account is found by what it did and by each name of his that was tried; a name that is nobody's by that name. */
async function subjectsOf({ db, personal, audit }: Services, who: string): Promise<{ id: string | undefined; hashes: string[] }> {
  const accounts = db.selectFrom('account').select(['id', 'username', 'email_sealed', 'email_key_version']);
  const login = who.trim().toLowerCase();
  const account = uuid.test(login)
    ? await accounts.where('id', '=', login).executeTakeFirst()
    : await accounts
        .where(({ or, eb }) => or([eb('username', '=', login), eb('email_lookup', '=', personal.lookupOf(login))]))
        .executeTakeFirst();
  const names = [login, account?.username, account && personal.emailOf(account)].filter((name) => typeof name === 'string');
  return { id: account?.id ?? (uuid.test(login) ? login : undefined), hashes: names.map((name) => audit.hashOf(name)) };
}
