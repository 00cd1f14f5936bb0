import { connectionSettings, type DatabaseOptions } from '@facet/database';
import pg from 'pg';
import type { Report } from './event-bus.js';

/**
 * WakeUps: the one connection of a process that listens (NOTIFY wakes who waits, without polling hard) and that holds the locks which say who of several replicas
 * is at work (PostgreSQL frees them the moment the process dies). It reconnects by itself; whoever waits is woken then, since something may have been missed.
 */
export class WakeUps {
  readonly #versions = new Map<string, number>();
  readonly #waiting = new Map<() => void, string>();
  readonly #locks = new Map<string, pg.Client>();
  #client: pg.Client | undefined;
  #connecting: Promise<void> | undefined;
  #asked: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly database: DatabaseOptions,
    private readonly channels: readonly string[],
    private readonly report: Report,
  ) {}

  /** Counts how often a name was called; take it before looking for work, so that nothing is missed between look and wait. */
  version(name: string): number {
    this.#connect();
    return this.#versions.get(name) ?? 0;
  }

  /** Resolves once the name was called after `version`, at the latest after `ms`. */
  async after(name: string, version: number, ms: number): Promise<void> {
    if (this.#closed || this.version(name) !== version) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.set(wake, name);
    });
  }

  /** Calls a name within this process. */
  call(name: string): void {
    this.#versions.set(name, (this.#versions.get(name) ?? 0) + 1);
    for (const [wake, wanted] of this.#waiting) if (wanted === name) wake();
  }

  /** Whether this process has the lock, or gets it now. At most one process of the database has it. */
  async lock(name: string): Promise<boolean> {
    if (this.#locks.has(name)) return true;
    await this.#connecting;
    const client = this.#client;
    if (!client) return false;
    const { rows } = await this.#ask<{ got: boolean }>(client, 'select pg_try_advisory_lock(hashtextextended($1, 0)) as got', [name]);
    if (rows[0]?.got && this.#client === client) this.#locks.set(name, client);
    return this.#locks.has(name);
  }

  /** Gives the lock back and wakes those of the other replicas that wait under `waiting`. */
  async unlock(name: string, waiting: string): Promise<void> {
    const client = this.#locks.get(name);
    if (!client) return;
    this.#locks.delete(name);
    const [channel] = this.channels;
    const release = 'select pg_advisory_unlock(hashtextextended($1, 0)), pg_notify($2, $3)';
    await this.#ask(client, release, [name, channel, waiting]).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.keys()) wake();
    await this.#connecting;
    await this.#client?.end().catch(() => undefined);
  }

  /** One statement after the other: feeds share the connection, which carries one at a time. */
  #ask<Row extends pg.QueryResultRow>(client: pg.Client, text: string, values: readonly unknown[]): Promise<pg.QueryResult<Row>> {
    const answer = this.#asked.then(() => client.query<Row>(text, [...values]));
    this.#asked = answer.catch(() => undefined);
    return answer;
  }

  #connect(): void {
    if (this.#client || this.#connecting || this.#closed) return;
    this.#connecting = this.#open().finally(() => (this.#connecting = undefined));
  }

  async #open(): Promise<void> {
    // A lock must not outlive a machine that vanished: the server asks after us, and we after it.
    const client = new pg.Client({
      ...connectionSettings(this.database),
      statement_timeout: 0,
      keepAliveInitialDelayMillis: 10_000,
      application_name: `${this.database.applicationName} wake-ups`,
    });
    const lost = (error?: unknown) => this.#lost(client, error);
    client.on('error', lost).on('end', () => lost());
    client.on('notification', ({ payload }) => this.call(payload ?? ''));
    try {
      await client.connect();
      await client.query('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3');
      for (const channel of this.channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
      this.#client = client;
      this.#callAll();
    } catch (error) {
      this.report('debug', 'The connection that listens could not be opened', error);
      await client.end().catch(() => undefined);
    }
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#locks.clear();
    if (this.#closed) return;
    this.report('debug', 'The connection that listens was lost', error);
    this.#callAll();
  }

  #callAll(): void {
    for (const name of new Set([...this.#versions.keys(), ...this.#waiting.values()])) this.call(name);
  }
}
