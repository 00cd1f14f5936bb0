import { sql } from 'kysely';
import type { Db, Tx } from './tables.js';

/** Holds back the other uploads of this user until the transaction ends. */
export function lockOwner(ownerId: string) {
  return sql`select pg_advisory_xact_lock(hashtextextended(${`media:upload:${ownerId}`}, 0))`;
}

/** Bytes of this user that no message has, those of uploads under way included. */
export function selectUnpostedBytes(ownerId: string, now: Date) {
  return sql<{ bytes: number }>`
    select (select coalesce(sum(size), 0) from attachment where owner_id = ${ownerId} and message_id is null)
         + (select coalesce(sum(bytes), 0)::bigint from upload where owner_id = ${ownerId} and until > ${now}) as bytes`;
}

export function insertUpload(tx: Tx, upload: { id: string; owner_id: string; bytes: number; until: Date }) {
  return tx.insertInto('upload').values(upload);
}

export function deleteUpload(db: Db | Tx, id: string) {
  return db.deleteFrom('upload').where('id', '=', id);
}

export function deletePastUploads(db: Db, now: Date) {
  return db.deleteFrom('upload').where('until', '<', now);
}
