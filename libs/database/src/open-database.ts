import { Kysely, type PostgresClient, type PostgresClientConstructor } from 'kysely';
import pg from 'pg';
import { CancellingDialect } from './cancelling-dialect.js';

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
  const pool = new pg.Pool({ ...connectionSettings(options), max: options.poolSize ?? 4, idleTimeoutMillis: 30_000 });
  const control = new pg.Pool({ ...connectionSettings(options), max: 1, idleTimeoutMillis: 2_000, allowExitOnIdle: true });
  // An idle connection that breaks is replaced on next use; that next use reports what is wrong.
  pool.on('error', () => undefined);
  control.on('error', () => undefined);
  const closing = {
    connect: () => pool.connect(),
    options: pool.options,
    end: () => Promise.all([pool.end(), control.end()]).then(() => undefined),
  };
  return new Kysely<Tables>({ dialect: new CancellingDialect({ pool: closing, controlClient: controlClientOf(control) }) });
}

/** What a pg client needs to connect as this application. */
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

/** Kysely makes a control client per cancel; this one borrows the connection of the small control pool instead of opening one. */
function controlClientOf(control: pg.Pool): PostgresClientConstructor {
  return class BorrowedClient {
    #client: pg.PoolClient | undefined;

    async connect() {
      this.#client = await control.connect();
      return this as unknown as PostgresClient;
    }

    query(text: string) {
      return this.#client?.query(text);
    }

    end() {
      this.#client?.release();
    }
  } as unknown as PostgresClientConstructor;
}
