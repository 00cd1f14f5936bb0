import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { publish } from '@facet/events';
import { attachmentUploaded } from '../events/published.js';
import type { IncomingFiles } from '../files/incoming-files.js';
import type { Media } from '../media.js';
import { insertAttachments } from '../store/attachments.js';
import type { Attachment } from '../store/tables.js';

/**
 * First the files are in their places, then their rows commit. A crash in between leaves files that nobody knows and the cleanup finds; never a row without its
 * files.
 */
export async function keepAttachments(
  { db, files }: Media,
  incoming: IncomingFiles,
  attachments: readonly Attachment[],
  context: RequestContext,
): Promise<readonly Attachment[]> {
  try {
    for (const { id, thumbnails } of attachments) await incoming.keep(id, thumbnails);
    await db.transaction().execute(async (tx) => {
      await insertAttachments(tx, attachments).execute(within(context));
      await publish(tx, attachments.map(attachmentUploaded));
    });
    return attachments;
  } catch (error) {
    if (isUndone(error)) for (const { id, thumbnails } of attachments) await files.remove(id, thumbnails);
    throw error;
  }
}

/** Where the database went away, nobody knows whether the rows were committed; the cleanup will. */
function isUndone(error: unknown): boolean {
  return !(error instanceof ProblemError && error.code === 'dependency-unavailable');
}
