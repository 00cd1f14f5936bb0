import { sql } from 'kysely';
import type { Db, Tx } from './tables.js';

export interface NewUpload {
  readonly id: string;
  readonly ownerId: string;
  /** What it may come to at most. */
  readonly bytes: number;
  readonly began: Date;
  readonly until: Date;
}

/**
 * Writes down an upload, if with it its owner has so many bytes at most that no message has, those of other uploads under way included. Otherwise answers how many
 * there are already.
 */
export function beginUpload({ id, ownerId, bytes, began, until }: NewUpload, most: number) {
  return sql<{ unposted: number | null }>`select begin_upload(${id}, ${ownerId}, ${bytes}, ${most}, ${began}, ${until}) as unposted`;
}

export function deleteUpload(db: Db | Tx, id: string) {
  return db.deleteFrom('upload').where('id', '=', id);
}

export function deletePastUploads(db: Db, now: Date) {
  return db.deleteFrom('upload').where('until', '<', now);
}
