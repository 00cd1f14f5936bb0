import { publish } from '@facet/events';
import { attachmentRemoved } from '../events/published.js';
import { insertRemoved } from '../store/attachments.js';
import type { Attachment, Tx } from '../store/tables.js';

/** For rows that this transaction has deleted: others are told, and their files go once it has committed, at the next round of the cleanup. */
export async function removeAttachments(
  tx: Tx,
  removed: readonly Pick<Attachment, 'id' | 'owner_id' | 'thumbnails'>[],
  at: Date,
): Promise<void> {
  if (removed.length === 0) return;
  await insertRemoved(tx, removed).execute();
  await publish(
    tx,
    removed.map((each) => attachmentRemoved(each, at)),
  );
}
