import { gather, optional, stale } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import type { Message } from '@facet/contracts/messages';
import type { Room } from '@facet/contracts/rooms';
import { answered } from '@facet/errors';
import { cutText } from '@facet/edge';
import type { Downstream } from '../downstream.js';
import type { People } from '../profile/find-people.js';
import { behind } from '../room/behind.js';
import { nameOf, othersIn, toRoomKind } from '../room/to-room.js';
import type { Home } from './home.view.js';

interface RoomLine {
  readonly room: Room;
  readonly online: number | undefined;
  readonly unread: number | undefined;
  readonly last: Message | undefined;
}

/** One room in the list. The calls of all rooms are made in one tick, so that each kind is one RPC. */
export async function getRoomLine(
  { presence, notifications, messages }: Downstream,
  room: Room,
  context: RequestContext,
): Promise<RoomLine> {
  const roomId = room.id;
  const parts = await gather(context, {
    online: optional((within) => presence.countOnline({ roomId }, within).catch(behind('presence'))),
    unread: stale((within) => notifications.countUnread({ roomId }, within).catch(behind('notifications')), { maxAgeMs: 60_000 }),
    latest: optional((within) =>
      messages.listMessages({ of: { $case: 'roomId', value: roomId }, pageSize: 1 }, within).catch(behind('messages')),
    ),
  });
  return { room, online: parts.online?.count, unread: parts.unread?.count, last: parts.latest?.messages[0] };
}

export function peopleIn({ room, last }: RoomLine, viewer: string): string[] {
  return last ? [...othersIn(room, viewer), last.authorId] : othersIn(room, viewer);
}

export function toRoomLine({ room, online, unread, last }: RoomLine, people: People | undefined, viewer: string): Home['rooms'][number] {
  return {
    id: room.id,
    name: nameOf(room, people, viewer),
    type: toRoomKind(room.type),
    unread: unread ?? null,
    online: online ?? null,
    last: last
      ? { by: people?.get(last.authorId)?.name ?? null, text: cutText(last.content, 80), at: answered(last.createdAt, 'messages') }
      : null,
  };
}
