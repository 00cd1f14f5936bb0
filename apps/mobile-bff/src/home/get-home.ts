import { after, gather, optional, required, stale } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import { RoomOrder } from '@facet/contracts/rooms';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import { toNotification } from '../notification/to-notification.js';
import { findPeople } from '../profile/find-people.js';
import { fitHome } from './fit-home.js';
import type { Home } from './home.view.js';
import { getRoomLines, peopleIn, toRoomLine } from './room-line.js';

/** The first screen. Without me and my rooms there is none; who is online, what is unread, last words, names and news may be missing. At most 7 RPCs. */
export async function getHome(downstream: Downstream, context: RequestContext): Promise<Home> {
  const { users, rooms, notifications } = downstream;
  const userId = context.caller.subject;

  const me = required(async (within) => answered((await users.getUser({ userId }, within)).user, 'users'));
  const joined = required((within) =>
    rooms.listRooms({ memberId: userId, order: RoomOrder.ROOM_ORDER_LAST_ACTIVITY, pageSize: 20 }, within),
  );
  // Lines and the total are asked for in one tick, so that each kind of count is one RPC.
  const lines = required(after(joined, ({ rooms }, within) => getRoomLines(downstream, rooms, within.atMost(600))));
  const unread = stale(
    after(joined, (_, within) => notifications.countUnread({}, within.atMost(600))),
    { maxAgeMs: 60_000 },
  );
  const news = optional((within) => notifications.listNotifications({ pageSize: 5 }, within.atMost(600)));
  const people = optional(
    after([me, lines], ([me, lines], within) =>
      findPeople(
        downstream,
        lines.flatMap((line) => peopleIn(line, userId)),
        within,
        [me],
      ),
    ),
  );

  const home = await gather(context.atMost(1_300), { me, joined, lines, unread, news, people });
  return fitHome({
    me: { id: home.me.id, name: home.me.name, avatarUrl: home.me.avatarUrl ?? null },
    unread: home.unread?.count ?? null,
    rooms: home.lines.map((line) => toRoomLine(line, home.people, userId)),
    notifications: home.news ? home.news.notifications.map(toNotification) : null,
    degraded: context.degraded(),
  });
}
