import { randomBytes } from 'node:crypto';
import type { Role, Scope } from '@facet/auth';
import { newId } from '@facet/database';
import { openAccounts } from '../accounts/accounts.js';
import { isTaken } from '../accounts/held-usernames.js';
import type { PersonalData } from '../accounts/personal-data.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Db } from '../store/tables.js';
import { faultOf, type PartnerChange, type PartnerOrder, type Registration } from './partner-order.js';
import { secretHashOf } from './partners.js';

/** What whoever registers a partner's application is told once. */
export interface Registered {
  /** Its secret; none where it has keys of its own, or keeps the secret that it has. */
  readonly secret: string | undefined;
}

/** A partner's application as operators see it. */
export interface ListedPartner extends Omit<Registration, 'jwks'> {
  readonly clientId: string;
  readonly name: string;
  readonly bot: string;
  readonly role: Role;
  readonly authentication: 'keys' | 'secret';
  /** The names of its keys. */
  readonly keys: readonly string[];
  readonly createdAt: Date;
  /** When it was shut out for good. */
  readonly revokedAt: Date | null;
}

/** Partners' applications, as operators register them. Each acts as a bot of its own; what is done is in the audit trail, in the same transaction. */
export class PartnerRegistry {
  constructor(
    private readonly db: Db,
    private readonly personal: PersonalData,
    private readonly audit: AuditTrail,
    /** On this machine a developer may come back without TLS. */
    private readonly development: boolean,
  ) {}

  /** Throws with a text for the operator where it cannot be. */
  async create({ clientId, name, botName, role, ...said }: PartnerOrder): Promise<Registered> {
    const registration = registrationOf(said, {
      scopes: null,
      jwks: null,
      redirectUris: [],
      certificateBound: false,
      pushedRequests: false,
    });
    this.#check(registration, role);
    if (await this.db.selectFrom('partner').select('client_id').where('client_id', '=', clientId).executeTakeFirst()) {
      throw new Error(`There is a partner ${clientId} already.`);
    }
    if (await isTaken(this.db, this.personal, botName)) throw new Error(`The username ${botName} is taken.`);
    const secret = newSecret();
    const bot = { id: newId(), username: botName, name, role, kind: 'bot' as const, email: null, created_at: new Date() };
    const opened = await openAccounts(this.db, this.personal, [bot], async (tx) => {
      await tx
        .insertInto('partner')
        .values({ client_id: clientId, bot_id: bot.id, secret_hash: secretHashOf(secret), ...columnsOf(registration) })
        .execute();
      await this.audit.record(tx, { event: 'partner-registered', clientId });
    });
    if (opened.length === 0) throw new Error(`The username ${botName} is taken.`);
    return { secret: registration.jwks ? undefined : secret };
  }

  /** Throws with a text for the operator where it cannot be. What was issued before stays as it is, ten minutes at most. */
  async change(clientId: string, change: PartnerChange): Promise<Registered> {
    return this.db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('partner')
        .innerJoin('account', 'account.id', 'partner.bot_id')
        .selectAll('partner')
        .select('role')
        .where('client_id', '=', clientId)
        .forUpdate('partner')
        .executeTakeFirst();
      if (!row) throw new Error(`There is no partner ${clientId}: list-partners tells them.`);
      if (row.revoked_at) throw new Error(`${clientId} was revoked, for good.`);
      const registration = registrationOf(change, registered(row));
      this.#check(registration, row.role);
      const secret = change.jwks === null ? newSecret() : undefined;
      await tx
        .updateTable('partner')
        .set({ ...columnsOf(registration), ...(secret && { secret_hash: secretHashOf(secret) }) })
        .where('client_id', '=', clientId)
        .execute();
      await this.audit.record(tx, { event: 'partner-changed', clientId });
      return { secret };
    });
  }

  async list(): Promise<ListedPartner[]> {
    const rows = await this.db
      .selectFrom('partner')
      .innerJoin('account', 'account.id', 'partner.bot_id')
      .selectAll('partner')
      .select(['username', 'name', 'role'])
      .orderBy('client_id')
      .execute();
    return rows.map((row) => {
      const { jwks, ...rest } = registered(row);
      const keys = (jwks?.keys ?? []).map(({ kid }) => kid ?? '');
      const { client_id: clientId, username: bot, name, role, created_at: createdAt, revoked_at: revokedAt } = row;
      return { clientId, name, bot, role, authentication: jwks ? 'keys' : 'secret', keys, ...rest, createdAt, revokedAt };
    });
  }

  #check(registration: Registration, role: Role): void {
    const fault = faultOf(registration, role, this.development);
    if (fault) throw new Error(`--${fault}`);
  }
}

/** 256 bits. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function registrationOf({ scopes, jwks, ...said }: PartnerChange, before: Registration): Registration {
  return {
    redirectUris: said.redirectUris ?? before.redirectUris,
    certificateBound: said.certificateBound ?? before.certificateBound,
    pushedRequests: said.pushedRequests ?? before.pushedRequests,
    scopes: scopes === undefined ? before.scopes : (scopes as Scope[] | null),
    jwks: jwks === undefined ? before.jwks : (jwks as Registration['jwks']),
  };
}

type Columns = Pick<ReturnType<typeof columnsOf>, 'certificate_bound' | 'pushed_requests' | 'redirect_uris'> & {
  readonly allowed_scopes: string[] | null;
  readonly jwks: Registration['jwks'];
};

function registered({ allowed_scopes, jwks, redirect_uris, certificate_bound, pushed_requests }: Columns): Registration {
  const scopes = allowed_scopes as Scope[] | null;
  return { scopes, jwks, redirectUris: redirect_uris, certificateBound: certificate_bound, pushedRequests: pushed_requests };
}

function columnsOf({ scopes, jwks, redirectUris, certificateBound, pushedRequests }: Registration) {
  return {
    allowed_scopes: scopes && [...new Set(scopes)].sort(),
    jwks: jwks && JSON.stringify(jwks),
    redirect_uris: [...new Set(redirectUris)],
    certificate_bound: certificateBound,
    pushed_requests: pushedRequests,
  };
}
