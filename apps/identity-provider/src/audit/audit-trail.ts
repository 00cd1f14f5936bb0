import { createHmac } from 'node:crypto';
import { newId } from '@facet/database';
import type { Selectable } from 'kysely';
import { derivedKey, type Vault } from '../keys/vault.js';
import type { AuditEvent, AuditEventTable, AuditOutcome, AuditSubject, Db } from '../store/tables.js';
import type { Delay } from '../sign-in/attempts.js';
import { isFirstDelay } from './is-first-delay.js';
import { originNow } from './origin.js';

/** What happened. Nothing of it is free text: no secret can get in. */
export interface Entry {
  readonly event: AuditEvent;
  readonly outcome?: AuditOutcome;
  readonly about?: AuditSubject;
  readonly accountId?: string | null | undefined;
  /** The name that was tried, where it may be nobody's: kept as a keyed hash. */
  readonly tried?: string | undefined;
  readonly clientId?: string | undefined;
  /** It was delayed: told of once, and then counted. */
  readonly delay?: Delay | undefined;
}

const aboutAudit = (id: string) => `audit_event:${id}`;

/**
 * Security events, each once and for good: the table takes no change and no removal. Where from is sealed, for it is about people. What is delayed is told
 * of once, and then counted, so that a flood does not fill the trail.
 */
export class AuditTrail {
  readonly #key: Buffer;

  constructor(
    private readonly vault: Vault,
    rootKey: Uint8Array,
  ) {
    this.#key = derivedKey(rootKey, 'audit-names');
  }

  /** `db` is the transaction of what happened, where there is one: both are there, or neither. */
  async record(db: Db, entry: Entry): Promise<void> {
    const id = newId();
    const { delay } = entry;
    if (!delay) return this.#append(db, id, entry);
    const tell = async (tx: Db) => {
      if (await isFirstDelay(tx, id, entry.event, delay)) await this.#append(tx, id, { ...entry, outcome: 'delayed' });
    };
    await (db.isTransaction ? tell(db) : db.transaction().execute(tell));
  }

  /** One more row like this, for so many that were delayed since. What was counted by address is nobody's. */
  async recordCounted(db: Db, first: Selectable<AuditEventTable>, { count, byName }: { count: number; byName: boolean }): Promise<void> {
    const { event, outcome, about, account_id, name_hash, client_id, ...row } = first;
    const id = newId();
    const who = byName ? { account_id, name_hash } : { account_id: null, name_hash: null };
    const sealed = row.sealed ? this.vault.seal(JSON.stringify(this.fromOf(row)), aboutAudit(id)) : { sealed: null, key_version: null };
    await db
      .insertInto('audit_event')
      .values({ id, event, outcome, about, ...who, client_id, request_id: null, ...sealed, count })
      .execute();
  }

  async #append(db: Db, id: string, { event, outcome = 'ok', about, accountId, tried, clientId }: Entry): Promise<void> {
    const { requestId, ...from } = originNow() ?? {};
    const sealed = requestId ? this.vault.seal(JSON.stringify(from), aboutAudit(id)) : { sealed: null, key_version: null };
    await db
      .insertInto('audit_event')
      .values({
        id,
        event,
        outcome,
        about: about ?? null,
        account_id: accountId ?? null,
        name_hash: tried === undefined ? null : this.hashOf(tried),
        client_id: clientId ?? null,
        request_id: requestId ?? null,
        ...sealed,
      })
      .execute();
  }

  hashOf(name: string): string {
    return createHmac('sha256', this.#key).update(name.trim().normalize('NFC').toLowerCase()).digest('base64url');
  }

  fromOf({ id, sealed, key_version }: { id: string; sealed: Buffer | null; key_version: number | null }) {
    if (!sealed || key_version === null) return { address: null, agent: null };
    return JSON.parse(this.vault.open({ sealed, key_version }, aboutAudit(id))) as { address: string; agent: string };
  }
}
