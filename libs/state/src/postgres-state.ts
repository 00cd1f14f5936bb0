import { randomBytes } from 'node:crypto';
import { migrate, openDatabase, type Database, type DatabaseOptions, type Migrations } from '@facet/database';
import { sql } from 'kysely';
import { batchInserts, type Insertion } from './batch-inserts.js';
import { stateAway } from './state-away.js';
import type { Kept, SharedState } from './shared-state.js';

const removedAtOnce = 5_000;

interface Tables {
  shared_state: { key: string; value: Buffer; version: string; expires_at: Date };
}

/** stateMigrations: the table of PostgresState. */
export const stateMigrations: Migrations = {
  '0000_shared_state': {
    up: async (db) => {
      await sql`create table shared_state (key text primary key, value bytea not null, version text not null, expires_at timestamptz not null)`.execute(
        db,
      );
      await sql`create index shared_state_expires_at on shared_state (expires_at)`.execute(db);
    },
  },
};

/** PostgresStateOptions: whose schema, and how long a call may take. */
export interface PostgresStateOptions extends DatabaseOptions {
  readonly deadlineMs?: number;
  /** Milliseconds between two removals of what has expired. */
  readonly removeEveryMs?: number;
}

/** PostgresState: shared state in a table of the application's own schema. Time is the database's, so clocks of replicas need not agree. */
export class PostgresState implements SharedState {
  readonly #db: Database<Tables>;
  readonly #deadlineMs: number;
  readonly #insert: (insertion: Insertion) => Promise<boolean>;
  readonly #removing: NodeJS.Timeout;

  private constructor(db: Database<Tables>, { deadlineMs = 2_000, removeEveryMs = 60_000 }: PostgresStateOptions) {
    this.#db = db;
    this.#deadlineMs = deadlineMs;
    this.#insert = batchInserts((batch) => this.#insertAll(batch));
    // What could not be removed now is removed next time.
    this.#removing = setInterval(() => void this.removeExpired().catch(() => undefined), removeEveryMs).unref();
  }

  /** Makes the table where there is none. Rejects where the database cannot be used. */
  static async open(options: PostgresStateOptions): Promise<PostgresState> {
    const db = openDatabase<Tables>(options);
    try {
      await migrate(db, stateMigrations, options);
      return new PostgresState(db, options);
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  insert(key: string, value: Uint8Array, ttlMs: number): Promise<boolean> {
    return this.#insert({ key, value, ttlMs });
  }

  async get(key: string): Promise<Kept | undefined> {
    const [kept] = await this.#ask((signal) =>
      this.#db
        .selectFrom('shared_state')
        .select(['value', 'version'])
        .where('key', '=', key)
        .where('expires_at', '>', sql<Date>`now()`)
        .execute({ signal }),
    );
    return kept;
  }

  async replace(key: string, version: string, value: Uint8Array, ttlMs: number): Promise<string | undefined> {
    const next = { value: Buffer.from(value), version: newVersion(), expires_at: inMs(ttlMs) };
    const [row] = await this.#ask((signal) =>
      this.#db
        .updateTable('shared_state')
        .set(next)
        .where('key', '=', key)
        .where('version', '=', version)
        .where('expires_at', '>', sql<Date>`now()`)
        .returning('version')
        .execute({ signal }),
    );
    return row?.version;
  }

  async delete(key: string): Promise<boolean> {
    const live = sql<boolean>`expires_at > now()`.as('live');
    const [row] = await this.#ask((signal) =>
      this.#db.deleteFrom('shared_state').where('key', '=', key).returning(live).execute({ signal }),
    );
    return row?.live ?? false;
  }

  /** Removes what has expired; several replicas at once share the work. Returns how much that was. */
  async removeExpired(): Promise<number> {
    const old = sql`select key from shared_state where expires_at <= now() limit ${removedAtOnce} for update skip locked`;
    for (let total = 0; ;) {
      const { numAffectedRows = 0n } = await sql`delete from shared_state where key in (${old})`.execute(this.#db);
      total += Number(numAffectedRows);
      if (numAffectedRows < removedAtOnce) return total;
    }
  }

  async ping(): Promise<void> {
    await this.#ask((signal) => sql`select 1`.execute(this.#db, { signal }));
  }

  async close(): Promise<void> {
    clearInterval(this.#removing);
    await this.#db.destroy();
  }

  /** What has expired and was not removed yet is as good as absent. */
  async #insertAll(batch: readonly Insertion[]): Promise<ReadonlySet<string>> {
    const columns = [
      sql`${batch.map(({ key }) => key)}::text[]`,
      sql`${batch.map(({ value }) => Buffer.from(value))}::bytea[]`,
      sql`${batch.map(newVersion)}::text[]`,
      sql`${batch.map(({ ttlMs }) => ttlMs)}::float8[]`,
    ];
    const statement = sql<{ key: string }>`
      insert into shared_state as kept (key, value, version, expires_at)
      select key, value, version, now() + ttl * interval '1 millisecond' from unnest(${sql.join(columns)}) as new (key, value, version, ttl)
      on conflict (key) do update set value = excluded.value, version = excluded.version, expires_at = excluded.expires_at
      where kept.expires_at <= now()
      returning key`;
    const { rows } = await this.#ask((signal) => statement.execute(this.#db, { signal }));
    return new Set(rows.map(({ key }) => key));
  }

  async #ask<Answer>(question: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(AbortSignal.timeout(this.#deadlineMs));
    } catch (error) {
      throw stateAway(error);
    }
  }
}

function inMs(ttlMs: number) {
  return sql<Date>`now() + ${ttlMs}::float8 * interval '1 millisecond'`;
}

function newVersion(): string {
  return randomBytes(12).toString('base64url');
}
