import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import { ProblemError, type FieldError } from '@facet/errors';
import { eventually } from '@facet/events';
import type { Attachment } from '../message.js';
import { selectAttachmentsForUpdate, selectKnownAttachments, toAttachment } from '../store/attachments.js';
import type { Db, KnownAttachment, Tx } from '../store/tables.js';

/** Who has just uploaded a file may be here before the news of it. To be called before anything is held that others wait for. */
export async function awaitAttachments(db: Db, ids: readonly string[], context: RequestContext): Promise<void> {
  if (ids.length === 0) return;
  await eventually(async () => {
    const known = await selectKnownAttachments(db, ids).execute(within(context));
    return known.length === ids.length || undefined;
  }, context);
}

/** The caller's files, in the order asked for, held until the transaction ends: each is posted once. */
export async function holdAttachments(tx: Tx, ids: readonly string[], context: RequestContext): Promise<readonly Attachment[]> {
  if (ids.length === 0) return [];
  const rows = await selectAttachmentsForUpdate(tx, ids).execute(within(context));
  const known = new Map(rows.map((row) => [row.id, row]));
  const errors = ids.flatMap((id, at) => refusal(known.get(id), at, context.caller.subject));
  if (errors.length > 0) throw new ProblemError('validation-failed', { errors });
  return ids.map((id) => toAttachment(known.get(id)!));
}

/** Whether somebody else has a file of this id is nobody's business. */
function refusal(attachment: KnownAttachment | undefined, at: number, userId: string): FieldError[] {
  const pointer = `/attachmentIds/${at}`;
  if (attachment?.owner_id !== userId) return [{ pointer, detail: 'must be a file that you have uploaded' }];
  return attachment.message_id === null ? [] : [{ pointer, detail: 'was posted with another message' }];
}
