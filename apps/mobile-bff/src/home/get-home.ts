import { gather, optional, required, stale } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import { RoomOrder } from '@facet/contracts/rooms';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import { toNotification } from '../notification/to-notification.js';
import { findPeople } from '../profile/find-people.js';
import { fitHome } from './fit-home.js';
import type { Home } from './home.view.js';
import { getRoomLine, peopleIn, toRoomLine } from './room-line.js';

/** The first screen. Without me and my rooms there is none; who is online, what is unread, last words, names and news may be missing. At most 7 RPCs. */
export async function getHome(downstream: Downstream, context: RequestContext): Promise<Home> {
  const { users, rooms, notifications } = downstream;
  const within = context.atMost(1_300);
  const userId = context.caller.subject;

  const { mine, joined, news } = await gather(within, {
    mine: required((within) => users.getUser({ userId }, within)),
    joined: required((within) => rooms.listRooms({ memberId: userId, order: RoomOrder.ROOM_ORDER_LAST_ACTIVITY, pageSize: 20 }, within)),
    news: optional((within) => notifications.listNotifications({ pageSize: 5 }, within.atMost(600))),
  });
  const me = answered(mine.user, 'users');

  // All of these have the same deadline, so that each kind is one RPC, the total among the rooms' own counts.
  const { lines, unread } = await gather(within.atMost(600), {
    lines: required((within) => Promise.all(joined.rooms.map((room) => getRoomLine(downstream, room, within)))),
    unread: stale((within) => notifications.countUnread({}, within), { maxAgeMs: 60_000 }),
  });

  const others = lines.flatMap((line) => peopleIn(line, userId));
  const { people } = await gather(within, {
    people: optional((within) => findPeople(downstream, others, within, [me])),
  });

  return fitHome({
    me: { id: me.id, name: me.name, avatarUrl: me.avatarUrl ?? null },
    unread: unread?.count ?? null,
    rooms: lines.map((line) => toRoomLine(line, people, userId)),
    notifications: news ? news.notifications.map(toNotification) : null,
    degraded: within.degraded(),
  });
}
