import { createHmac } from 'node:crypto';
import { kindOfPartnerKeys, newPartnerKey, partnerKeyKind, type PartnerKeyKind } from '@facet/auth';
import { newId } from '@facet/database';
import { sql } from 'kysely';
import type { AuditTrail } from '../audit/audit-trail.js';
import { uuid } from '../audit/read-audit.js';
import { findPartner } from '../clients/partners.js';
import { derivedKey } from '../keys/vault.js';
import { tellEnded } from '../revocations/ends.js';
import type { Db } from '../store/tables.js';
import { checkOrder, type KeyFault, type KeyOrder } from './key-order.js';

/** A key as its partner's people see it. */
export interface ListedKey {
  readonly id: string;
  readonly beginsWith: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly networks: readonly string[];
  /** Username; null: a command, or somebody who is gone. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly live: boolean;
}

export interface PartnerKeysOptions {
  readonly ROOT_KEY: Uint8Array;
  readonly FACET_ENV: 'development' | 'production';
}

const mostLive = 2;
const shownForDays = 30;
/** `facet_live_` and four characters more. */
const shownCharacters = 15;
const isLive = sql<boolean>`(partner_key.revoked_at is null and partner_key.expires_at > now())`;

/**
 * The keys of partners. A key is shown to who makes it and to nobody after: what is kept is its HMAC-SHA256 under a key that is not in the database. A
 * partner has two live ones at most, so that one can take over from the other.
 */
export class PartnerKeys {
  /** What this environment's keys are. */
  readonly kind: PartnerKeyKind;
  readonly #hashKey: Buffer;

  constructor(
    private readonly db: Db,
    private readonly audit: AuditTrail,
    { ROOT_KEY, FACET_ENV }: PartnerKeysOptions,
  ) {
    this.#hashKey = derivedKey(ROOT_KEY, 'partner-keys');
    this.kind = kindOfPartnerKeys(FACET_ENV);
  }

  /** The new key, or what is wrong with the order. `by`: who made it; nobody: a command. */
  async create(order: KeyOrder, by: string | null): Promise<{ readonly key: string } | KeyFault> {
    const key = newPartnerKey(this.kind);
    const fault = await this.keep(key, order, by);
    return fault ?? { key };
  }

  /** Keeps a key that was made elsewhere, unless it is kept already. */
  async keep(key: string, order: KeyOrder, by: string | null): Promise<KeyFault | undefined> {
    if (partnerKeyKind(key) !== this.kind) throw new TypeError('It is no key of this environment');
    const key_hash = this.#hashOf(key);
    return this.db.transaction().execute(async (tx) => {
      // Who comes at the same time queues up here, so that three at once are not three.
      await tx.selectFrom('partner').select('client_id').where('client_id', '=', order.clientId).forNoKeyUpdate().execute();
      const partner = await findPartner(tx, order.clientId);
      if (!partner) return 'no such partner';
      if (await tx.selectFrom('partner_key').select('id').where('key_hash', '=', key_hash).executeTakeFirst()) return undefined;
      const checked = checkOrder(order, partner);
      if (typeof checked === 'string') return checked;
      const live = await tx.selectFrom('partner_key').select('id').where('client_id', '=', order.clientId).where(isLive).execute();
      if (live.length >= mostLive) return 'two live keys';
      const { clientId: client_id, days, name, scopes, networks } = checked;
      const expires_at = sql<Date>`now() + make_interval(days => ${days})`;
      const row = { name, scopes: [...scopes], networks: [...networks], client_id, key_hash, expires_at, created_by: by };
      await tx
        .insertInto('partner_key')
        .values({ id: newId(), begins_with: key.slice(0, shownCharacters), ...row })
        .execute();
      await this.audit.record(tx, { event: 'partner-key-created', accountId: by, clientId: client_id });
      return undefined;
    });
  }

  /** Those that live, and those that ended within a month; the newest first. */
  async list(clientId: string): Promise<ListedKey[]> {
    const rows = await this.db
      .selectFrom('partner_key')
      .leftJoin('account', 'account.id', 'partner_key.created_by')
      .selectAll('partner_key')
      .select(['account.username', isLive.as('live')])
      .where('client_id', '=', clientId)
      .where(sql<Date>`least(revoked_at, expires_at)`, '>', sql<Date>`now() - make_interval(days => ${shownForDays})`)
      .orderBy('partner_key.id', 'desc')
      .execute();
    return rows.map(({ id, name, scopes, networks, username, live, ...row }) => ({
      ...{ id, name, scopes, networks, live, beginsWith: row.begins_with, createdBy: username },
      ...{ createdAt: row.created_at, expiresAt: row.expires_at, usedAt: row.used_at, revokedAt: row.revoked_at },
    }));
  }

  /** Ends a live key for good, of one of these partners where they are named. False: there is none. */
  async revoke(id: string, by: string | null, among?: readonly string[]): Promise<boolean> {
    if (!uuid.test(id) || among?.length === 0) return false;
    return this.db.transaction().execute(async (tx) => {
      const revoked = await tx
        .updateTable('partner_key')
        .set({ revoked_at: sql<Date>`now()` })
        .where('id', '=', id)
        .where(isLive)
        .$if(among !== undefined, (query) => query.where('client_id', 'in', among!))
        .returning('client_id')
        .executeTakeFirst();
      if (!revoked) return false;
      await tellEnded(tx, [{ kind: 'key', id }]);
      await this.audit.record(tx, { event: 'partner-key-revoked', accountId: by, clientId: revoked.client_id });
      return true;
    });
  }

  /** What is known of a key that lives, whose bot does. */
  async find(key: string) {
    if (partnerKeyKind(key) !== this.kind) return undefined;
    return this.db
      .selectFrom('partner_key')
      .innerJoin('partner', 'partner.client_id', 'partner_key.client_id')
      .innerJoin('account', 'account.id', 'partner.bot_id')
      .select([
        'partner_key.id',
        'partner_key.client_id',
        'partner_key.scopes',
        'networks',
        'expires_at',
        'bot_id',
        'role',
        'allowed_scopes',
      ])
      .select(sql<Date>`now()`.as('as_of'))
      .where('key_hash', '=', this.#hashOf(key))
      .where('status', '=', 'active')
      .where('partner.revoked_at', 'is', null)
      .where(isLive)
      .executeTakeFirst();
  }

  /** Notes when keys were last used. Reports may come late, twice, and in any order. */
  async noteUses(uses: readonly { readonly keyId: string; readonly usedAt: Date }[]): Promise<void> {
    await sql`
      update partner_key set used_at = least(use.at, now())
      from unnest(${uses.map(({ keyId }) => keyId)}::uuid[], ${uses.map(({ usedAt }) => usedAt)}::timestamptz[]) as use (id, at)
      where partner_key.id = use.id and (used_at is null or used_at < use.at)`.execute(this.db);
  }

  #hashOf(key: string): string {
    return createHmac('sha256', this.#hashKey).update(key).digest('base64url');
  }
}
