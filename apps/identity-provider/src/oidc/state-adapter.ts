import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { originNow } from '../audit/origin.js';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Vault } from '../keys/vault.js';
import type { Db, OidcStateTable } from '../store/tables.js';
import { grantEnded } from '../revocations/ends.js';
import { keepPlaces } from '../revocations/places.js';
import { rememberEnded, stands } from './ended.js';

type Columns = Pick<OidcStateTable, 'id_hash' | 'sealed' | 'key_version' | 'consumed_at'>;

const used = new WeakSet<object>();

/** Whether this failure is that of a code or token that somebody else used first, perhaps at the same moment on another replica. */
export function isAlreadyConsumed(error: object): boolean {
  return used.has(error);
}

/** A `jti` that was seen before. */
export class AlreadySeen extends Error {}

/** What is kept under an id that its holder alone should know: of the id only the hash, the rest sealed. */
export function aboutState(model: string, idHash: string): string {
  return `oidc_state:${model}:${idHash}`;
}

/** Where who kept it was. */
export function aboutOrigin(model: string, idHash: string): string {
  return `oidc_state.from:${model}:${idHash}`;
}

export function hashOf(id: string): string {
  return hash('sha256', id, 'base64url');
}

/**
 * Sessions, grants, codes, tokens, interactions, pushed requests and replay detection of oidc-provider, in PostgreSQL, for all replicas. The library keeps
 * a session at the end of each request, whatever became of it meanwhile: one that was ended is not kept again, and none is found that was.
 */
export class StateAdapter implements Adapter {
  constructor(
    private readonly db: Db,
    private readonly vault: Vault,
    private readonly model: string,
    /** Whether a client wants to be told of the end of its sessions. */
    private readonly wantsToKnow: (clientId: string) => boolean = () => false,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    if (this.model !== 'Session') return void (await this.#upsert(this.db, id, payload, expiresIn));
    await this.db.transaction().execute(async (tx) => {
      if (await this.#upsert(tx, id, payload, expiresIn)) await keepPlaces(tx, placesOf(payload, expiresIn, this.wantsToKnow));
    });
  }

  /** Whether it is kept: what was ended is not. */
  async #upsert(db: Db, id: string, payload: AdapterPayload, expiresIn: number): Promise<boolean> {
    const id_hash = hashOf(id);
    const columns = {
      ...this.vault.seal(JSON.stringify(payload), aboutState(this.model, id_hash)),
      grant_hash: hashed(this.model === 'Grant' ? id : payload.grantId),
      uid_hash: hashed(payload.uid),
      user_code_hash: hashed(payload.userCode),
      account_id: payload.accountId ?? null,
      client_id: payload.clientId ?? null,
      expires_at: sql<Date>`now() + make_interval(secs => ${expiresIn})`,
      signed_in_at: signedInAt(payload),
      ...this.#from(id_hash),
    };
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('oidc_state')
      .columns(['model', 'id_hash', ...names])
      .expression(
        db
          .selectNoFrom([
            sql`${this.model}`.as('model'),
            sql`${id_hash}`.as('id_hash'),
            ...names.map((name) => sql`${columns[name]}`.as(name)),
          ])
          .where(
            stands({
              uid: sql`${columns.uid_hash}::text`,
              grant: sql`${this.model === 'Interaction' ? null : columns.grant_hash}::text`,
              account: sql`${columns.account_id}::uuid`,
              signedInAt: sql`${columns.signed_in_at}::timestamptz`,
            }),
          ),
      )
      .onConflict((conflict) => {
        const replaced = conflict.columns(['model', 'id_hash']).doUpdateSet(columns);
        return this.model === 'ReplayDetection' ? replaced.where('oidc_state.expires_at', '<=', sql<Date>`now()`) : replaced;
      })
      .executeTakeFirstOrThrow();
    if (!numInsertedOrUpdatedRows && this.model === 'ReplayDetection') throw new AlreadySeen();
    return numInsertedOrUpdatedRows === 1n;
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.#findBy('id_hash', id);
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#findBy('uid_hash', uid);
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#findBy('user_code_hash', userCode);
  }

  /** Once, whatever number of replicas are asked at the same moment. */
  async consume(id: string): Promise<void> {
    const { numUpdatedRows } = await this.db
      .updateTable('oidc_state')
      .set({ consumed_at: sql`now()` })
      .where('model', '=', this.model)
      .where('id_hash', '=', hashOf(id))
      .where('consumed_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw alreadyConsumed();
  }

  async destroy(id: string): Promise<void> {
    const idHash = hashOf(id);
    await this.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('oidc_state').where('model', '=', this.model).where('id_hash', '=', idHash).execute();
      if (this.model !== 'Grant') return;
      await rememberEnded(tx, idHash);
      await grantEnded(tx, idHash);
    });
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.db.deleteFrom('oidc_state').where('model', '=', this.model).where('grant_hash', '=', hashOf(grantId)).execute();
  }

  async #findBy(column: 'id_hash' | 'uid_hash' | 'user_code_hash', value: string): Promise<AdapterPayload | undefined> {
    const row = await this.db
      .selectFrom('oidc_state')
      .select(['id_hash', 'sealed', 'key_version', 'consumed_at'])
      .where('model', '=', this.model)
      .where(column, '=', hashOf(value))
      .where(
        stands({
          uid: sql.ref('uid_hash'),
          grant: this.model === 'Interaction' ? sql`null` : sql.ref('grant_hash'),
          account: sql.ref('account_id'),
          signedInAt: sql.ref('signed_in_at'),
        }),
      )
      .executeTakeFirst();
    return row && this.#payloadOf(row);
  }

  /** Of what people see in the list of places where they are signed in. */
  #from(idHash: string) {
    const origin = ['Session', 'Grant'].includes(this.model) ? originNow() : undefined;
    if (!origin) return {};
    const { address, agent } = origin;
    const { sealed, key_version } = this.vault.seal(JSON.stringify({ address, agent }), aboutOrigin(this.model, idHash));
    return { from_sealed: sealed, from_key_version: key_version };
  }

  #payloadOf({ id_hash, sealed, key_version, consumed_at }: Columns): AdapterPayload {
    const payload = JSON.parse(this.vault.open({ sealed, key_version }, aboutState(this.model, id_hash))) as AdapterPayload;
    return { ...payload, ...(consumed_at && { consumed: Math.floor(consumed_at.getTime() / 1000) }) };
  }
}

/** Sessions know it to the millisecond. Codes and tokens know the second alone: the end of it, so that who signs in right after the end of all else stays. */
function signedInAt({ loginTs, authTime }: AdapterPayload & { readonly authTime?: number }): Date | null {
  const seconds = loginTs ?? (authTime === undefined ? undefined : authTime + 0.999);
  return seconds === undefined ? null : new Date(Math.round(seconds * 1_000));
}

/** At which clients a session is signed in. */
function placesOf({ authorizations = {}, ...session }: AdapterPayload, expiresIn: number, wantsToKnow: (clientId: string) => boolean) {
  const { uid_hash, account_id } = { uid_hash: hashed(session.uid), account_id: session.accountId ?? null };
  if (uid_hash === null) return [];
  const expires_at = new Date(Date.now() + expiresIn * 1_000);
  return Object.entries(authorizations).flatMap(([client_id, { sid, grantId, persistsLogout }]) =>
    sid
      ? {
          sid,
          client_id,
          uid_hash,
          grant_hash: hashed(grantId),
          account_id,
          outlives: persistsLogout === true,
          tell: wantsToKnow(client_id),
          expires_at,
        }
      : [],
  );
}

function hashed(id: string | undefined): string | null {
  return id === undefined ? null : hashOf(id);
}

function alreadyConsumed(): Error {
  const error = new errors.InvalidGrant('already used');
  used.add(error);
  return error;
}
