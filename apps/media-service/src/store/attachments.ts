import { sql } from 'kysely';
import type { Attachment, Db, Tx } from './tables.js';

export function selectAttachments(db: Db | Tx, ids: readonly string[]) {
  return db
    .selectFrom('attachment')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::uuid[])`);
}

export function insertAttachments(tx: Tx, attachments: readonly Attachment[]) {
  return tx.insertInto('attachment').values([...attachments]);
}

/** The first message that posts what is its author's own has it. */
export function markPosted(tx: Tx, posted: { ids: readonly string[]; messageId: string; roomId: string; authorId: string }) {
  return tx
    .updateTable('attachment')
    .set({ message_id: posted.messageId, room_id: posted.roomId })
    .where('id', '=', sql<string>`any(${posted.ids}::uuid[])`)
    .where('owner_id', '=', posted.authorId)
    .where('message_id', 'is', null);
}

export function deleteOfMessage(tx: Tx, messageId: string) {
  return tx.deleteFrom('attachment').where('message_id', '=', messageId).returning(['id', 'owner_id', 'thumbnails']);
}

export function deleteOfRoom(tx: Tx, roomId: string) {
  return tx.deleteFrom('attachment').where('room_id', '=', roomId).returning(['id', 'owner_id', 'thumbnails']);
}

/** Whether the room has gone. It does not go meanwhile: who takes it away waits, and then sees what this transaction did. */
export async function isDeletedRoom(tx: Tx, roomId: string): Promise<boolean> {
  const room = await tx.selectFrom('known_room').select('deleted').where('id', '=', roomId).forShare().executeTakeFirst();
  return room?.deleted ?? false;
}

/** Nothing where a message has it by now. */
export function deleteUnposted(tx: Tx, id: string, ownerId: string) {
  return tx
    .deleteFrom('attachment')
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .where('message_id', 'is', null)
    .returning(['id', 'owner_id', 'thumbnails']);
}

/** Those that no message has had since before then, the oldest first. */
export function deleteOrphans(tx: Tx, before: Date, most: number) {
  const orphans = tx
    .selectFrom('attachment')
    .select('id')
    .where('message_id', 'is', null)
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(most)
    .forUpdate()
    .skipLocked();
  return tx.deleteFrom('attachment').where('id', 'in', orphans).returning(['id', 'owner_id', 'thumbnails']);
}

export function insertRemoved(tx: Tx, removed: readonly Pick<Attachment, 'id' | 'thumbnails'>[]) {
  return tx.insertInto('removed_file').values(removed.map(({ id, thumbnails }) => ({ id, thumbnails })));
}

/** Takes some whose files are to go. They are taken again where the transaction fails. */
export function takeRemoved(tx: Tx, most: number) {
  const some = tx.selectFrom('removed_file').select('id').limit(most).forUpdate().skipLocked();
  return tx.deleteFrom('removed_file').where('id', 'in', some).returning(['id', 'thumbnails']);
}
