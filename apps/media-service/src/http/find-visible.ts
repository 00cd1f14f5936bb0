import { setTimeout as pause } from 'node:timers/promises';
import type { RuleName } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import { eventually } from '@facet/events';
import { findAccess } from '@facet/memberships';
import { isVisible, noSuchAttachment } from '../attachment-policy.js';
import { selectAttachments } from '../store/attachments.js';
import type { Attachment, Db } from '../store/tables.js';

/** In company, what somebody may not see is looked up again once, after so long. */
const inCompanyMs = 30;

/** Those of them that the caller may see. What was posted a moment ago is waited for. */
export async function findVisible(db: Db, ids: readonly string[], context: RequestContext): Promise<readonly Attachment[]> {
  const first = await look(db, ids, 'attachment:read', context);
  if (first.visible.length === first.found) return first.visible;
  await pause(inCompanyMs);
  return (await look(db, ids, 'attachment:read', context)).visible;
}

/** It, once the rule allows it to the caller; what does not exist is not waited for. */
export async function findOneVisible(db: Db, id: string, rule: RuleName, context: RequestContext): Promise<Attachment> {
  const seen = await eventually(async () => {
    const { found, visible } = await look(db, [id], rule, context);
    return found > visible.length ? undefined : visible;
  }, context);
  const [attachment] = seen ?? [];
  if (!attachment) throw noSuchAttachment();
  return attachment;
}

async function look(db: Db, ids: readonly string[], rule: RuleName, context: RequestContext) {
  const { caller } = context;
  const rows = await selectAttachments(db, ids).execute(within(context));
  const posted = rows.filter(({ room_id }) => room_id !== null);
  const rooms = await findAccess(
    db,
    posted.map(({ room_id }) => ({ roomId: room_id!, userId: caller.subject })),
    within(context),
  );
  const roomOf = new Map(posted.map(({ id }, at) => [id, rooms[at]]));
  return { found: rows.length, visible: rows.filter((row) => isVisible(row, roomOf.get(row.id), caller, rule)) };
}
