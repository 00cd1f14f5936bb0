import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { DeleteAttachmentResponse } from '@facet/contracts/media';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { removeAttachments } from '../files/remove-attachments.js';
import type { Media } from '../media.js';
import { deleteUnposted } from '../store/attachments.js';
import { findOneVisible } from './find-visible.js';
import type { OneAttachment } from './requests.js';

export async function deleteAttachment(media: Media, { id }: OneAttachment, context: RequestContext): Promise<DeleteAttachmentResponse> {
  const { db, clock } = media;
  refuseEarly(context.caller, 'attachment:delete');
  await findOneVisible(db, id, 'attachment:delete', context);

  await db.transaction().execute(async (tx) => {
    const removed = await deleteUnposted(tx, id, context.caller.subject).execute(within(context));
    if (removed.length === 0) throw new ProblemError('conflict', { detail: 'A message has this attachment. It goes with the message.' });
    await removeAttachments(tx, removed, clock.now());
  });
  media.cleanUpSoon();
  return {};
}
