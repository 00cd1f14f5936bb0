import type { Db, Tx } from '../store/tables.js';
import type { Clock } from '../clock.js';
import type { Consumption } from '../events/consumption.js';
import { deleteOrphans, selectAttachments, takeRemoved } from '../store/attachments.js';
import { deletePastUploads } from '../store/uploads.js';
import { sql } from 'kysely';
import type { FileStore } from './file-store.js';
import { removeAttachments } from './remove-attachments.js';

export interface CleanupOptions {
  readonly unpostedMs: number;
  /** No upload lives longer. */
  readonly uploadMs: number;
  /** A step that failed is told. The others are done all the same, and it comes again with the next round. */
  readonly failed: (error: unknown) => void;
}

const batch = 100;
/** Between the end of the longest upload and the moment at which its leftovers may go. */
const marginMs = 60_000;

/** Removes what nobody needs any more. Several replicas may be at it: one at a time does each step, and each step may be done again. */
export class Cleanup {
  readonly #began: Date;
  #sweptBefore: Date | undefined;
  #sweptPlace = '';

  constructor(
    private readonly db: Db,
    private readonly files: FileStore,
    private readonly clock: Clock,
    private readonly consumption: Consumption,
    private readonly options: CleanupOptions,
  ) {
    this.#began = clock.now();
  }

  /** One round. */
  async run(): Promise<void> {
    const leftSince = ago(this.clock.now(), this.options.uploadMs + marginMs);
    const steps = [
      () => deletePastUploads(this.db, this.clock.now()).execute(),
      () => this.#removeOrphans(),
      () => this.#removeFiles(),
      () => this.files.sweepIncoming(leftSince),
      () => this.#sweepPlaces(leftSince),
    ];
    for (const step of steps) await step().catch(this.options.failed);
  }

  /** Only those of which it is certain that no message had them in time. */
  async #removeOrphans(): Promise<void> {
    const until = await this.consumption.until();
    if (!until) return;
    await this.#inTurns(async (tx) => {
      const orphans = await deleteOrphans(tx, ago(until, this.options.unpostedMs), batch).execute();
      await removeAttachments(tx, orphans, this.clock.now());
      return orphans.length;
    });
  }

  async #removeFiles(): Promise<void> {
    await this.#inTurns(async (tx) => {
      const removed = await takeRemoved(tx, batch).execute();
      for (const { id, thumbnails } of removed) await this.files.remove(id, thumbnails);
      return removed.length;
    });
  }

  async #sweepPlaces(leftSince: Date): Promise<void> {
    for (const place of await this.#placesToSweep(leftSince)) await this.files.sweepPlace(place, leftSince, (ids) => this.#known(ids));
  }

  /**
   * Files without an attachment are left by a crash, and by a commit of which nobody knows whether it happened. All places in the first round, and again once whatever
   * was there at the start is old enough to be judged: who crashes is back within seconds. One after the other in the rounds between and after.
   */
  async #placesToSweep(leftSince: Date): Promise<readonly string[]> {
    const places = await this.files.places();
    const all = !this.#sweptBefore || (this.#sweptBefore < this.#began && leftSince >= this.#began);
    if (all) this.#sweptBefore = leftSince;
    if (all) return places;
    this.#sweptPlace = places.find((place) => place > this.#sweptPlace) ?? places[0] ?? '';
    return places.length > 0 ? [this.#sweptPlace] : [];
  }

  async #known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const uuids = ids.filter((id) => /^[0-9a-f-]{36}$/.test(id));
    const rows = await selectAttachments(this.db, uuids).clearSelect().select('id').execute();
    return new Set(rows.map(({ id }) => id));
  }

  /** Batch after batch until one is not full. */
  async #inTurns(step: (tx: Tx) => Promise<number>): Promise<void> {
    while ((await this.#inTurn(step)) === batch);
  }

  /** In a transaction of its own, unless another replica is at it. */
  async #inTurn(step: (tx: Tx) => Promise<number>): Promise<number> {
    return await this.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ ours: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('media:cleanup', 0)) as ours`.execute(
        tx,
      );
      return rows[0]?.ours ? await step(tx) : 0;
    });
  }
}

function ago(from: Date, ms: number): Date {
  return new Date(from.getTime() - ms);
}
