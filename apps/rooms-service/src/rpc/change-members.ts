import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import { publish } from '@facet/events';
import { memberJoined, memberLeft } from '../events/published.js';
import { countMembers, deleteMember, insertMembers, selectMember } from '../store/members.js';
import type { Member, Tx } from '../store/tables.js';

/** In a transaction that has locked the room. A member already is left as they are. */
export async function addTo(
  tx: Tx,
  roomId: string,
  userId: string,
  context: RequestContext,
): Promise<{ member: Member; created: boolean }> {
  const asked: Member = { room_id: roomId, user_id: userId, role: 'member', joined_at: new Date() };
  const { rows } = await insertMembers([asked]).execute(tx, within(context));
  const [member] = rows;
  if (!member) return { member: await selectMember(tx, roomId, userId).executeTakeFirstOrThrow(within(context)), created: false };

  await countMembers(tx, roomId, 1).execute(within(context));
  await publish(tx, [memberJoined(member)]);
  return { member, created: true };
}

/** In a transaction that has locked the room. Nothing happens to who is not a member. */
export async function takeOutOf(tx: Tx, roomId: string, userId: string, context: RequestContext): Promise<void> {
  const left = await deleteMember(tx, roomId, userId).executeTakeFirst(within(context));
  if (!left) return;

  await countMembers(tx, roomId, -1).execute(within(context));
  await publish(tx, [memberLeft(roomId, userId, new Date())]);
}
