import { gather, optional, required, stale } from '@facet/aggregation';
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
  const after = before && cursors.open(before, list);
  const within = context.atMost(1_300);
  const viewer = context.caller.subject;

  const room = answered((await rooms.getRoom({ roomId }, within)).room, 'rooms');

  const { page, online, unread } = await gather(within, {
    page: required((within) => messages.listMessages({ of: { $case: 'roomId', value: roomId }, pageSize: limit, after }, within)),
    online: optional((within) => presence.countOnline({ roomId }, within.atMost(600)).catch(behind('presence'))),
    unread: stale((within) => countUnread(notifications, room, within.atMost(600)), { maxAgeMs: 60_000 }),
  });

  const around = await findSurroundings(downstream, page.messages, within, othersIn(room, viewer));

  const last = page.messages.at(-1);
  return {
    room: { ...toRoom(room, around.people, viewer), online: online?.count ?? null },
    messages: page.messages.map((message) => toListedMessage(message, around)),
    next: page.more && last ? cursors.seal(last.id, list) : null,
    unread: unread?.count ?? null,
    degraded: within.degraded(),
  };
}

// Only members have something unread.
async function countUnread(notifications: Downstream['notifications'], { id, viewerRole }: Room, context: RequestContext) {
  if (viewerRole !== MemberRole.MEMBER_ROLE_MEMBER && viewerRole !== MemberRole.MEMBER_ROLE_ADMIN) return { count: 0 };
  return notifications.countUnread({ roomId: id }, context).catch(behind('notifications'));
}
