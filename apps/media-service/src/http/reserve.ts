import type { RequestContext } from '@facet/context';
import { newId, within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import type { Media } from '../media.js';
import { deleteUpload, insertUpload, lockOwner, selectUnpostedBytes } from '../store/uploads.js';

/** Makes sure that the caller may bring so much, whatever else is on its way, and answers the upload's id. The place is held until it is released, or the upload's time is over. */
export async function reserve({ db, clock, limits }: Media, bytes: number, context: RequestContext): Promise<string> {
  const id = newId();
  const owner_id = context.caller.subject;
  const now = clock.now();
  await db.transaction().execute(async (tx) => {
    await lockOwner(owner_id).execute(tx, within(context));
    const { rows } = await selectUnpostedBytes(owner_id, now).execute(tx, within(context));
    const unposted = rows[0]?.bytes ?? 0;
    if (unposted + bytes > limits.MAX_UNPOSTED_BYTES) {
      throw new ProblemError('uploads-full', {
        detail: `You may have ${limits.MAX_UNPOSTED_BYTES} bytes that no message has, and have ${unposted}. Post or delete some first.`,
      });
    }
    await insertUpload(tx, { id, owner_id, bytes, until: new Date(now.getTime() + limits.UPLOAD_MS) }).execute(within(context));
  });
  return id;
}

/** The upload is over. Where that cannot be written down, its time will be. */
export async function release({ db }: Media, uploadId: string): Promise<void> {
  await deleteUpload(db, uploadId)
    .execute()
    .catch(() => undefined);
}
