import type { AbortableOperationOptions, CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { isOutage, problemOf } from './problem-of.js';

/** Statements younger than this are left to finish: most do, and a cancel costs more than they do. */
const worthCancellingAfterMs = 20;

const writes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * PgConnection: a borrowed connection whose aborted statements are cancelled in the server, through the control pool. Kysely's own "cancel query" gives up inside
 * transactions, where the rollback takes the statement's place at once; here whatever follows on the connection waits until the cancel is over.
 */
export class PgConnection implements DatabaseConnection {
  #broken = false;
  #cancelled: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: PoolClient,
    private readonly control: Pool,
  ) {}

  /** Of an aborted statement Kysely has told the caller already; it would print what is thrown to the console. */
  async executeQuery<Row>({ sql, parameters }: CompiledQuery, { signal }: AbortableOperationOptions = {}): Promise<QueryResult<Row>> {
    await this.#cancelled;
    if (signal?.aborted) return { rows: [] };
    const running = this.client.query(sql, [...parameters]);
    if (signal) this.#cancelled = this.#cancelOnAbort(signal, running);
    try {
      return resultOf(await running);
    } catch (error) {
      const problem = problemOf(error);
      this.#broken ||= isOutage(problem);
      if (signal?.aborted) return { rows: [] };
      throw problem;
    } finally {
      // The connection is of use to others only when no cancel can hit them any more.
      await this.#cancelled;
    }
  }

  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streams of rows are not supported; page by id instead.');
  }

  /** Gives the connection back, or away where it is of no use any more. */
  release(): void {
    this.client.release(this.#broken);
  }

  /** After this, nothing is worth asking on this connection. */
  abandon(): void {
    this.#broken = true;
  }

  /** Resolves when the statement has ended and no cancel is under way. */
  async #cancelOnAbort(signal: AbortSignal, running: Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    let cancelling: Promise<unknown> | undefined;
    const cancel = () => (cancelling = this.#cancel());
    const onAbort = () => {
      const youngForMs = worthCancellingAfterMs - (performance.now() - startedAt);
      if (youngForMs > 0) timer = setTimeout(cancel, youngForMs);
      else void cancel();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    await running.catch(() => undefined);
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    await cancelling;
  }

  /** A cancel that fails leaves the statement to `statement_timeout`. */
  async #cancel(): Promise<void> {
    const { processID } = this.client as PoolClient & { processID: number };
    await this.control.query('select pg_cancel_backend($1)', [processID]).catch(() => undefined);
  }
}

/** As Kysely has it. */
function resultOf<Row>({ command, rowCount, rows }: { command: string; rowCount: number | null; rows?: unknown[] }): QueryResult<Row> {
  if (command === 'COMMIT' || command === 'ROLLBACK') return { rows: [{ command } as Row] };
  return { rows: (rows ?? []) as Row[], ...(writes.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) };
}
