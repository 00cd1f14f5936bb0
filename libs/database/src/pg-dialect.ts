import { ProblemError } from '@facet/errors';
import { CompiledQuery, PostgresDialect, PostgresDriver, type DatabaseConnection, type PostgresPool } from 'kysely';
import type { Pool } from 'pg';
import { PgConnection } from './pg-connection.js';

/** Pools: one that works, and a small one that cancels what the other one works on. */
export interface Pools {
  readonly working: Pool;
  readonly control: Pool;
}

/** PgDialect: PostgreSQL through pg, with statements that end in the server when nobody waits for them (see PgConnection). */
export class PgDialect extends PostgresDialect {
  constructor(private readonly pools: Pools) {
    super({ pool: poolOf(pools) });
  }

  override createDriver(): PostgresDriver {
    return new PgDriver(this.pools);
  }
}

/** How transactions begin, end and are saved is Kysely's; how connections are borrowed, used and given back is ours. */
class PgDriver extends PostgresDriver {
  constructor(private readonly pools: Pools) {
    super({ pool: poolOf(pools) });
  }

  override async acquireConnection(): Promise<PgConnection> {
    try {
      return new PgConnection(await this.pools.working.connect(), this.pools.control);
    } catch (error) {
      throw new ProblemError('dependency-unavailable', { cause: error, retryAfterSeconds: 1 });
    }
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw('rollback'));
    } catch (error) {
      ours(connection).abandon();
      throw error;
    }
  }

  override async releaseConnection(connection: DatabaseConnection): Promise<void> {
    ours(connection).release();
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.pools.working.end(), this.pools.control.end()]);
  }
}

function ours(connection: DatabaseConnection): PgConnection {
  if (!(connection instanceof PgConnection)) throw new TypeError('This connection is of another driver.');
  return connection;
}

/** What Kysely asks of a pool before it comes to our driver. */
function poolOf({ working }: Pools): PostgresPool {
  return { connect: () => working.connect(), options: working.options, end: () => working.end() };
}
