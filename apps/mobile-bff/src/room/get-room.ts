import { after, gather, optional, required, stale } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import { MemberRole, type Room } from '@facet/contracts/rooms';
import type { Cursors } from '@facet/edge';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import { findSurroundings } from '../message/find-surroundings.js';
import { toListedMessage } from '../message/to-message.js';
import { behind } from './behind.js';
import type { RoomPath, RoomQuery, RoomScreen } from './room.view.js';
import { othersIn, toRoom } from './to-room.js';

/** What a phone needs to draw a room. Without the room and its messages there is no screen; who is online, what is unread and names may be missing. */
export async function getRoom(
  downstream: Downstream,
  cursors: Cursors,
  { roomId, before, limit }: RoomPath & RoomQuery,
  context: RequestContext,
): Promise<RoomScreen> {
  const { rooms, messages, presence, notifications } = downstream;
  const list = `room ${roomId}`;
  const seen = before && cursors.open(before, list);
  const viewer = context.caller.subject;

  const room = required(async (within) => answered((await rooms.getRoom({ roomId }, within)).room, 'rooms'));
  const page = required((within) =>
    messages.listMessages({ of: { $case: 'roomId', value: roomId }, pageSize: limit, after: seen }, within),
  );
  const online = optional((within) => presence.countOnline({ roomId }, within.atMost(600)).catch(behind('presence')));
  const unread = stale(
    after(room, (room, within) => countUnread(notifications, room, within.atMost(600))),
    { maxAgeMs: 60_000 },
  );
  const around = required(
    after([room, page], ([room, { messages }], within) => findSurroundings(downstream, messages, within, othersIn(room, viewer))),
  );

  const screen = await gather(context.atMost(1_300), { room, page, online, unread, around });
  const last = screen.page.messages.at(-1);
  return {
    room: { ...toRoom(screen.room, screen.around.people, viewer), online: screen.online?.count ?? null },
    messages: screen.page.messages.map((message) => toListedMessage(message, screen.around)),
    next: screen.page.more && last ? cursors.seal(last.id, list) : null,
    unread: screen.unread?.count ?? null,
    degraded: context.degraded(),
  };
}

// Only members have something unread.
async function countUnread(notifications: Downstream['notifications'], { id, viewerRole }: Room, context: RequestContext) {
  if (viewerRole !== MemberRole.MEMBER_ROLE_MEMBER && viewerRole !== MemberRole.MEMBER_ROLE_ADMIN) return { count: 0 };
  return notifications.countUnread({ roomId: id }, context).catch(behind('notifications'));
}
