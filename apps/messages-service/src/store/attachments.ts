import type { AttachmentUploaded } from '@facet/contracts/media';
import type { Attachment } from '../message.js';
import type { Db, KnownAttachment, Tx } from './tables.js';

export function insertKnownAttachment(tx: Tx, uploaded: AttachmentUploaded) {
  const { attachmentId, ownerId, name, type, size, width, height, thumbnails } = uploaded;
  return tx
    .insertInto('known_attachment')
    .values({ id: attachmentId, owner_id: ownerId, name, type, size, width: width ?? null, height: height ?? null, thumbnails })
    .onConflict((conflict) => conflict.column('id').doNothing());
}

export function deleteKnownAttachment(tx: Tx, id: string) {
  return tx.deleteFrom('known_attachment').where('id', '=', id).returning('message_id');
}

export function selectKnownAttachments(db: Db, ids: readonly string[]) {
  return db.selectFrom('known_attachment').select('id').where('id', 'in', ids);
}

/** Held until the transaction ends; by id, so that two who want the same ones do not wait for each other. */
export function selectAttachmentsForUpdate(tx: Tx, ids: readonly string[]) {
  return tx.selectFrom('known_attachment').selectAll().where('id', 'in', ids).orderBy('id').forUpdate();
}

export function markPosted(tx: Tx, ids: readonly string[], messageId: string) {
  return tx.updateTable('known_attachment').set({ message_id: messageId }).where('id', 'in', ids);
}

export function toAttachment({ id, name, type, size, width, height, thumbnails }: KnownAttachment): Attachment {
  return { id, name, type, size, width: width ?? undefined, height: height ?? undefined, thumbnails };
}
