import type { Db, Tx } from '../store/tables.js';
import type { Clock } from '../clock.js';
import { deleteOrphans, selectAttachments, takeRemoved } from '../store/attachments.js';
import { deletePastUploads } from '../store/uploads.js';
import { sql } from 'kysely';
import type { FileStore } from './file-store.js';
import { removeAttachments } from './remove-attachments.js';

export interface CleanupOptions {
  readonly unpostedMs: number;
  /** No upload lives longer. */
  readonly uploadMs: number;
}

const batch = 100;
/** Between the end of the longest upload and the moment at which its leftovers may go. */
const marginMs = 60_000;

/** Removes what nobody needs any more. Several replicas may be at it: one at a time does each step, and each step may be done again. */
export class Cleanup {
  #sweptFiles = false;

  constructor(
    private readonly db: Db,
    private readonly files: FileStore,
    private readonly clock: Clock,
    private readonly options: CleanupOptions,
  ) {}

  /** One round. The whole store is looked through in the first one after a start alone: only a crash leaves a file without an attachment. */
  async run(): Promise<void> {
    const leftSince = this.#ago(this.options.uploadMs + marginMs);
    await deletePastUploads(this.db, this.clock.now()).execute();
    while ((await this.#inTurn((tx) => this.#removeOrphans(tx))) === batch);
    while ((await this.#inTurn((tx) => this.#removeFiles(tx))) === batch);
    await this.files.sweepIncoming(leftSince);
    if (this.#sweptFiles) return;
    await this.files.sweepFiles(leftSince, (ids) => this.#known(ids));
    this.#sweptFiles = true;
  }

  async #removeOrphans(tx: Tx): Promise<number> {
    const orphans = await deleteOrphans(tx, this.#ago(this.options.unpostedMs), batch).execute();
    await removeAttachments(tx, orphans, this.clock.now());
    return orphans.length;
  }

  async #removeFiles(tx: Tx): Promise<number> {
    const removed = await takeRemoved(tx, batch).execute();
    for (const { id, thumbnails } of removed) await this.files.remove(id, thumbnails);
    return removed.length;
  }

  async #known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const uuids = ids.filter((id) => /^[0-9a-f-]{36}$/.test(id));
    const rows = await selectAttachments(this.db, uuids).clearSelect().select('id').execute();
    return new Set(rows.map(({ id }) => id));
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

  #ago(ms: number): Date {
    return new Date(this.clock.now().getTime() - ms);
  }
}
