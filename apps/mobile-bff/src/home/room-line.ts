import { each, gather, optional, stale } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import type { Message } from '@facet/contracts/messages';
import type { Room } from '@facet/contracts/rooms';
import { answered } from '@facet/errors';
import { cutText } from '@facet/edge';
import type { Downstream } from '../downstream.js';
import type { People } from '../profile/find-people.js';
import { wordsOf } from '../message/to-message.js';
import { behind } from '../room/behind.js';
import { nameOf, othersIn, toRoomKind } from '../room/to-room.js';
import type { Home } from './home.view.js';

interface RoomLine {
  readonly room: Room;
  readonly online: number | undefined;
  readonly unread: number | undefined;
  readonly last: Message | undefined;
}

const [presenceBehind, notificationsBehind, messagesBehind] = [behind('presence'), behind('notifications'), behind('messages')];

/** The rooms in the list. The calls of all of them are made in one tick, so that each kind is one RPC. */
export async function getRoomLines(
  { presence, notifications, messages }: Downstream,
  rooms: readonly Room[],
  context: RequestContext,
): Promise<RoomLine[]> {
  const countOnline = ({ id }: Room, within: RequestContext) => presence.countOnline({ roomId: id }, within).catch(presenceBehind);
  const countUnread = ({ id }: Room, within: RequestContext) =>
    notifications.countUnread({ roomId: id }, within).catch(notificationsBehind);
  const findLatest = ({ id }: Room, within: RequestContext) =>
    messages.listMessages({ of: { $case: 'roomId', value: id }, pageSize: 1 }, within).catch(messagesBehind);

  const { online, unread, latest } = await gather(context, {
    online: optional((within) => each(rooms, countOnline, within)),
    unread: stale((within) => each(rooms, countUnread, within), { maxAgeMs: 60_000 }),
    latest: optional((within) => each(rooms, findLatest, within)),
  });
  return rooms.map((room, place) => ({
    room,
    online: online?.[place]?.count,
    unread: unread?.[place]?.count,
    last: latest?.[place]?.messages[0],
  }));
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
      ? { by: people?.get(last.authorId)?.name ?? null, text: cutText(wordsOf(last), 80), at: answered(last.createdAt, 'messages') }
      : null,
  };
}
