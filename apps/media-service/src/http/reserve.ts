import type { RequestContext } from '@facet/context';
import { newId } from '@facet/database';
import { ProblemError } from '@facet/errors';
import type { Media } from '../media.js';
import { beginUpload, deleteUpload } from '../store/uploads.js';

/** Makes sure that the caller may bring so much, whatever else is on its way, and answers the upload's id. The place is held until it is released, or the upload's time is over. */
export async function reserve({ db, clock, limits }: Media, bytes: number, context: RequestContext): Promise<string> {
  const id = newId();
  const began = clock.now();
  const upload = { id, ownerId: context.caller.subject, bytes, began, until: new Date(began.getTime() + limits.UPLOAD_MS) };
  // Not within the context: what is written down is released by who knows of it.
  const { rows } = await beginUpload(upload, limits.MAX_UNPOSTED_BYTES).execute(db);
  const unposted = rows[0]?.unposted ?? undefined;
  if (unposted === undefined) return id;
  throw new ProblemError('uploads-full', {
    detail: `You may have ${limits.MAX_UNPOSTED_BYTES} bytes that no message has, and have ${unposted}. Post or delete some first.`,
  });
}

/** The upload is over. Where that cannot be written down, its time will be. */
export async function release({ db }: Media, uploadId: string): Promise<void> {
  await deleteUpload(db, uploadId)
    .execute()
    .catch(() => undefined);
}
