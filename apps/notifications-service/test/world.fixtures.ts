import { MessageDeleted, MessageEdited, MessagePosted, MessagesImported } from '@facet/contracts/messages';
import { NotificationsImportService, NotificationsService } from '@facet/contracts/notifications/grpc';
import { MemberJoined, MemberLeft, MemberRole, RoomCreated, RoomDeleted, RoomType } from '@facet/contracts/rooms';
import { UserCreated } from '@facet/contracts/users';
import { newId } from '@facet/database';
import { event, type OutgoingEvent } from '@facet/events';
import { contextOf, idOf, startService, userIds, type TestUser } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';

const services = { notifications: NotificationsService, imports: NotificationsImportService } as const;
const began = new Date('2026-01-01T00:00:00Z');

/** general is public without dave, engineering private, board private without alice (who is admin) and bob, pair a direct room of bob and carol. */
export const rooms = { general: idOf(1), engineering: idOf(2), board: idOf(3), pair: idOf(4) } as const;
export type RoomName = keyof typeof rooms;

const { ROOM_TYPE_PUBLIC: PUBLIC, ROOM_TYPE_PRIVATE: PRIVATE, ROOM_TYPE_DIRECT: DIRECT } = RoomType;
const { MEMBER_ROLE_ADMIN: ADMIN, MEMBER_ROLE_MEMBER: MEMBER } = MemberRole;
const world: Record<RoomName, { type: RoomType; members: TestUser[] }> = {
  general: { type: PUBLIC, members: ['alice', 'bob', 'carol', 'gina'] },
  engineering: { type: PRIVATE, members: ['carol', 'alice', 'bob'] },
  board: { type: PRIVATE, members: ['carol'] },
  pair: { type: DIRECT, members: ['carol', 'bob'] },
};

/** A room of which the first member is the room's admin. */
export function roomCreated(roomId: string, type: RoomType, members: readonly TestUser[]) {
  const seats = members.map((user, at) => ({ userId: userIds[user], role: at === 0 ? ADMIN : MEMBER, joinedAt: began }));
  const createdBy = seats[0]?.userId;
  return event(RoomCreated, { key: roomId }, { roomId, type, name: 'room', createdBy: createdBy!, createdAt: began, members: seats });
}

export function memberJoined(roomId: string, user: TestUser, joinedAt = new Date()) {
  return event(MemberJoined, { key: roomId }, { roomId, member: { userId: userIds[user], role: MEMBER, joinedAt } });
}

export function memberLeft(roomId: string, user: TestUser) {
  return event(MemberLeft, { key: roomId }, { roomId, userId: userIds[user], leftAt: new Date() });
}

export function roomDeleted(roomId: string) {
  return event(RoomDeleted, { key: roomId }, { roomId, deletedAt: new Date() });
}

export function userCreated(user: TestUser, username: string = user) {
  const userId = userIds[user];
  return event(UserCreated, { key: userId }, { userId, username, name: user, createdAt: began });
}

/** Something that somebody said, as messages-service tells it. */
export function posted(user: TestUser, roomId: string, differs: Partial<MessagePosted> = {}) {
  const message = { messageId: newId(), roomId, authorId: userIds[user], content: 'hello', postedAt: new Date(), ...differs };
  const alone = { replyTo: undefined, replyToAuthorId: undefined, attachmentIds: [] };
  return Object.assign(event(MessagePosted, { key: roomId }, { ...alone, ...message }), message);
}

export function edited({ messageId, roomId, authorId }: ReturnType<typeof posted>, content: string) {
  return event(MessageEdited, { key: roomId }, { messageId, roomId, authorId, content, editedAt: new Date() });
}

export function deleted({ messageId, roomId, authorId }: ReturnType<typeof posted>) {
  return event(MessageDeleted, { key: roomId }, { messageId, roomId, authorId, deletedAt: new Date() });
}

export function imported(roomId: string, messageIds: readonly string[], unread: boolean, by: TestUser = 'bob') {
  const messages = messageIds.map((messageId) => ({ messageId, authorId: userIds[by], postedAt: began }));
  return event(MessagesImported, { key: roomId }, { roomId, unread, messages });
}

/** notifications-service as it runs, on a database of its own, with the rooms above and everybody's username. */
export async function startWorld() {
  const { clients, importing, target, database, settle, stop } = await startService<Tables, typeof services>({
    name: 'notifications-service',
    schema: 'notifications',
    migrations,
    services,
    module: (config) => AppModule.forRoot(config),
  });
  const tell = async (...news: OutgoingEvent[]) => {
    await database.emit(news);
    await settle();
  };
  await tell(...Object.entries(world).map(([room, { type, members }]) => roomCreated(rooms[room as RoomName], type, members)));
  await tell(...(['alice', 'bob', 'carol', 'dave', 'gina'] as const).map((user) => userCreated(user)));

  const { notifications } = clients;
  return {
    clients,
    importing,
    target,
    database,
    tell,
    notifications,
    imports: importing.imports,
    /** What the importer would read, if it could. */
    importersNotifications: importing.notifications,
    feed: async (user: TestUser) => (await notifications.listNotifications({}, contextOf(user))).notifications,
    unread: async (user: TestUser, roomId?: string) => (await notifications.countUnread({ roomId }, contextOf(user))).count,
    stop,
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** What became of a call: a short word that a table of expectations can hold. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : `broken: ${String(error)}`),
  );
}
