import { AttachmentRemoved, AttachmentUploaded } from '@facet/contracts/media';
import { on, type Handler } from '@facet/events';
import { evolve, type MessageEvent } from '../message.js';
import { deleteKnownAttachment, insertKnownAttachment } from '../store/attachments.js';
import { appendEvent, selectMessageForUpdate, toMessage, updateMessage } from '../store/messages.js';
import type { Tx } from '../store/tables.js';

/** What can be posted. A file that is taken back while it is posted goes from the message as well. */
export const knownAttachments: Handler[] = [
  on(AttachmentUploaded, async (uploaded, tx: Tx) => {
    await insertKnownAttachment(tx, uploaded).execute();
  }),
  on(AttachmentRemoved, async ({ attachmentId, removedAt }, tx: Tx, { time }) => {
    const known = await deleteKnownAttachment(tx, attachmentId).executeTakeFirst();
    if (known?.message_id) await takeFrom(tx, known.message_id, { type: 'attachment-removed', at: removedAt ?? time, attachmentId });
  }),
];

async function takeFrom(tx: Tx, messageId: string, event: MessageEvent & { type: 'attachment-removed' }): Promise<void> {
  const before = toMessage(await selectMessageForUpdate(tx, messageId).executeTakeFirstOrThrow());
  if (!before.attachments.some(({ id }) => id === event.attachmentId)) return;
  const message = evolve(before, event);
  await appendEvent(tx, message, event).execute();
  await updateMessage(tx, message).execute();
}
