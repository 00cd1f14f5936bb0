import { Kysely } from 'kysely';
import pg from 'pg';
import { PgDialect } from './pg-dialect.js';

/** DatabaseOptions: which schema of which database, and as whom. */
export interface DatabaseOptions {
  /** `postgres://role:password@host:port/database`. */
  readonly url: string;
  /** The one schema that unqualified names mean. */
  readonly schema: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections at most, besides the one that cancels. Default 4. */
  readonly poolSize?: number;
  /** The belt over deadlines: no statement runs longer. Default 10,000. */
  readonly statementTimeoutMs?: number;
}

/** Database: typed access to the tables of one schema. Everything of Kysely can be used on it. */
export type Database<Tables> = Kysely<Tables>;

/**
 * openDatabase: a connection pool on one schema. Connects on first use; a statement fails with `dependency-unavailable` while the server is away.
 * `bigint` columns are read as numbers and fail beyond 2^53. End statements with their request by `execute(within(context))`. Close it by `destroy()`.
 */
export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const settings = connectionSettings(options);
  const working = quiet(new pg.Pool({ ...settings, max: options.poolSize ?? 4, idleTimeoutMillis: 30_000 }));
  const control = quiet(new pg.Pool({ ...settings, max: 1, idleTimeoutMillis: 30_000, allowExitOnIdle: true }));
  return new Kysely<Tables>({ dialect: new PgDialect({ working, control }) });
}

/** A connection that breaks says so to who uses it next; as an event of its own that would end the process. */
function quiet(pool: pg.Pool): pg.Pool {
  return pool.on('error', () => undefined).on('connect', (client) => void client.on('error', () => undefined));
}

/** connectionSettings: what a pg client of its own needs to connect as this application. */
export function connectionSettings({ url, schema, applicationName, statementTimeoutMs = 10_000 }: DatabaseOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    options: `-c search_path=${schema} -c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=60000`,
    types: { getTypeParser: parserOf } as pg.CustomTypesConfig,
  };
}

const parserOf: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') => {
  if (id === pg.types.builtins.INT8 && format !== 'binary') return parseWholeNumber;
  return pg.types.getTypeParser(id, format);
};

function parseWholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError('A bigint of the database is too large for a number.');
  return number;
}
