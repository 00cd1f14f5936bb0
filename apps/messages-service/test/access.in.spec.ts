import { MessagesImportService, MessagesService } from '@facet/contracts/messages/grpc';
import { RoomType } from '@facet/contracts/rooms';
import { contextOf, idOf, type TestUser } from '@facet/testing';
import { accessSuite, roleCallers, roleContext, rpcCallers, RpcLines, type RoleCaller } from '@facet/testing/access';
import { afterAll } from 'vitest';
import { roomCreated, rooms, startWorld } from './world.fixtures.js';

const world = await startWorld();
afterAll(() => world.stop());

/** Rooms in which nobody is who asks. */
const [open, closed, between] = [idOf(21), idOf(22), idOf(23)];
const { ROOM_TYPE_PUBLIC, ROOM_TYPE_PRIVATE, ROOM_TYPE_DIRECT } = RoomType;
const away = [
  [open, ROOM_TYPE_PUBLIC],
  [closed, ROOM_TYPE_PRIVATE],
  [between, ROOM_TYPE_DIRECT],
] as const;
await world.tell(...away.map(([roomId, type]) => roomCreated(roomId, type, ['dave'])));

const day = 24 * 3_600_000;
const of = (role: RoleCaller) => (role === 'importer' ? world.importing : world.clients);
const names: Partial<Record<RoleCaller, TestUser>> = { user: 'carol', moderator: 'bob' };
/** Something said in `general`, where carol, bob and alice are members and alice rules, by who asks or by somebody else. */
const said = (role: RoleCaller, by: 'own' | 'others') =>
  world.say(by === 'own' ? (names[role] ?? 'alice') : role === 'user' ? 'bob' : 'carol', 'general');
const inRoom = async (roomId: string) => {
  const { message } = await world.clients.messages.sendMessage({ roomId, content: 'hi' }, contextOf('dave'));
  return message!.id;
};

type Call = (role: RoleCaller) => Promise<unknown>;
const lines = new RpcLines(world.target, [MessagesService, MessagesImportService]);

const [openMessage, closedMessage, betweenMessage] = [await inRoom(open), await inRoom(closed), await inRoom(between)];
const get =
  (messageId: string): Call =>
  (role) =>
    of(role).messages.getMessage({ messageId }, roleContext(role));
const list =
  (roomId: string): Call =>
  (role) =>
    of(role).messages.listMessages({ of: { $case: 'roomId', value: roomId } }, roleContext(role));
const send =
  (roomId: string): Call =>
  (role) =>
    of(role).messages.sendMessage({ roomId, content: 'hi' }, roleContext(role));
const edit =
  (by: 'own' | 'others'): Call =>
  async (role) => {
    const messageId = await said(role, by);
    return await of(role).messages.editMessage({ messageId, content: 'better' }, roleContext(role));
  };
const remove =
  (by: 'own' | 'others'): Call =>
  async (role) => {
    const messageId = await said(role, by);
    return await of(role).messages.deleteMessage({ messageId }, roleContext(role));
  };

lines.add('GetMessage: of a public room', 'message:read', get(openMessage));
lines.add('GetMessage: of a private room', 'message:read', get(closedMessage));
lines.add('GetMessage: of a direct room of others', 'message:read', get(betweenMessage));
lines.add('ListMessages: of an author', 'message:list', (role) =>
  of(role).messages.listMessages({ of: { $case: 'authorId', value: roleCallers.user.subject } }, roleContext(role)),
);
lines.add('ListMessages: of a public room', 'message:list-in-room', list(open));
lines.add('ListMessages: of a private room', 'message:list-in-room', list(closed));
lines.add('ListMessages: of a direct room of others', 'message:list-in-room', list(between));
lines.add('SendMessage: as a member', 'message:create', send(rooms.general));
lines.add('SendMessage: to a public room, as no member', 'message:create', send(open));
lines.add('SendMessage: to a private room, as no member', 'message:create', send(closed));
lines.add("EditMessage: one's own", 'message:edit', edit('own'));
lines.add("EditMessage: another's", 'message:edit', edit('others'));
lines.add("DeleteMessage: one's own", 'message:delete', remove('own'));
lines.add("DeleteMessage: another's", 'message:delete', remove('others'));
lines.add('AddReaction: as a member', 'message:react', async (role) =>
  of(role).messages.addReaction({ messageId: await said(role, 'others'), emoji: '👍' }, roleContext(role)),
);
lines.add('AddReaction: as no member', 'message:react', (role) =>
  of(role).messages.addReaction({ messageId: openMessage, emoji: '👍' }, roleContext(role)),
);
lines.add('RemoveReaction: as no member', 'message:unreact', (role) =>
  of(role).messages.removeReaction({ messageId: openMessage, emoji: '👍' }, roleContext(role)),
);
lines.add('ImportMessages', 'import', (role) => of(role).imports.importMessages({ messages: [] }, roleContext(role)));

lines.add("DeleteMessage: one's own, after 24 h", 'message:delete', async (role) => {
  const messageId = await said(role, 'own');
  world.clock.moveOn(day + 60_000);
  return await of(role).messages.deleteMessage({ messageId }, roleContext(role));
});

await accessSuite({ application: 'messages-service', people: rpcCallers, lines: lines.all(), together: true });
