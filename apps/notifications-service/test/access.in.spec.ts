import { NotificationsImportService, NotificationsService } from '@facet/contracts/notifications/grpc';
import { RoomType } from '@facet/contracts/rooms';
import { idOf, userIds } from '@facet/testing';
import { accessSuite, roleCallers, roleContext, rpcCallers, RpcLines, type RoleCaller } from '@facet/testing/access';
import { afterAll } from 'vitest';
import { posted, roomCreated, rooms, startWorld } from './world.fixtures.js';

const world = await startWorld();
afterAll(() => world.stop());

/** A private room in which nobody is who asks. */
const closed = idOf(21);
await world.tell(roomCreated(closed, RoomType.ROOM_TYPE_PRIVATE, ['dave']));
const inGeneral = posted('bob', rooms.general);
const inClosed = posted('dave', closed);
await world.tell(inGeneral, inClosed);

const of = (role: RoleCaller) => (role === 'importer' ? world.importing : world.clients);
const own = (role: RoleCaller) => (role === 'importer' ? userIds.carol : roleCallers[role].subject);
const count = (whose: (role: RoleCaller) => string, roomId?: string) => (role: RoleCaller) =>
  of(role).notifications.countUnread({ roomId, userId: whose(role) }, roleContext(role));
const another = () => userIds.dave;
const read =
  ({ roomId, messageId }: { roomId: string; messageId: string }) =>
  (role: RoleCaller) =>
    of(role).notifications.markRoomRead({ roomId, messageId }, roleContext(role));

const lines = new RpcLines(world.target, [NotificationsService, NotificationsImportService]);
lines.add('ListNotifications', 'notification:list', (role) => of(role).notifications.listNotifications({}, roleContext(role)));
lines.add("CountUnread: one's own", 'unread:count', count(own));
lines.add("CountUnread: another's", 'unread:count', count(another));
lines.add("CountUnread: one's own, in a public room", 'unread:count-in-room', count(own, rooms.general));
lines.add("CountUnread: another's, in a public room", 'unread:count-in-room', count(another, rooms.general));
lines.add("CountUnread: another's, in a private room", 'unread:count-in-room', count(another, closed));
lines.add('MarkRoomRead: a public one', 'room:mark-read', read(inGeneral));
lines.add('MarkRoomRead: a private one', 'room:mark-read', read(inClosed));
lines.add('MarkNotificationsRead', 'notification:mark-read', (role) =>
  of(role).notifications.markNotificationsRead({ upTo: idOf(1) }, roleContext(role)),
);
lines.add('ImportNotifications', 'import', (role) =>
  of(role).imports.importNotifications({ markers: [], notifications: [] }, roleContext(role)),
);

await accessSuite({ application: 'notifications-service', people: rpcCallers, lines: lines.all(), together: true });
