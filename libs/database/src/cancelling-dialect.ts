import { ProblemError } from '@facet/errors';
import {
  PostgresDialect,
  PostgresDriver,
  type AbortableOperationOptions,
  type CompiledQuery,
  type DatabaseConnection,
  type PostgresDialectConfig,
  type QueryResult,
} from 'kysely';
import { problemOf } from './problem-of.js';

/** Statements younger than this are left to finish: most do, and a cancel costs more than they do. */
const worthCancellingAfterMs = 20;

/**
 * CancellingDialect: PostgreSQL through pg, where an aborted statement is cancelled in the server by a control client. Kysely's own "cancel query"
 * gives up inside transactions, because the rollback takes the statement's place; here whatever follows on the connection waits for the cancel.
 */
export class CancellingDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new CancellingDriver(this.#config);
  }
}

class CancellingDriver extends PostgresDriver {
  readonly #prepared = new WeakSet<DatabaseConnection>();

  override async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection(options).catch((error: unknown) => {
      throw new ProblemError('dependency-unavailable', { cause: error, retryAfterSeconds: 1 });
    });
    if (!this.#prepared.has(connection)) {
      makeCancellable(connection);
      this.#prepared.add(connection);
    }
    return connection;
  }
}

function makeCancellable(connection: DatabaseConnection): void {
  const run = connection.executeQuery.bind(connection);
  let ended: Promise<unknown> = Promise.resolve();

  connection.executeQuery = async <Row>(query: CompiledQuery, options?: AbortableOperationOptions): Promise<QueryResult<Row>> => {
    await ended;
    const signal = options?.signal;
    if (!signal) return await run<Row>(query).catch(throwProblem);
    await connection.collectSessionInfo?.();
    const running = run<Row>(query);
    const cancel = cancelOnAbort(connection, signal, running);
    ended = cancel.done;
    try {
      return await running.catch(throwProblem);
    } catch (error) {
      // Kysely has told the caller already and would print this to the console.
      if (signal.aborted) return { rows: [] };
      throw error;
    } finally {
      await cancel.done;
    }
  };
}

function throwProblem(error: unknown): never {
  throw problemOf(error);
}

/** Cancels the statement once the signal aborts. `done` resolves when no cancel is under way any more and none will follow. */
function cancelOnAbort(connection: DatabaseConnection, signal: AbortSignal, running: Promise<unknown>) {
  const startedAt = performance.now();
  let settled = false;
  let timer: NodeJS.Timeout | undefined;
  let cancelling: Promise<void> | undefined;

  const cancel = () => {
    if (settled) return;
    cancelling = connection.cancelQuery?.(() => Promise.reject(new Error('There is no control client.'))).catch(() => undefined);
  };
  const onAbort = () => {
    timer = setTimeout(cancel, Math.max(0, worthCancellingAfterMs - (performance.now() - startedAt)));
  };
  const settle = () => {
    settled = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    return cancelling;
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return { done: running.then(settle, settle) };
}
