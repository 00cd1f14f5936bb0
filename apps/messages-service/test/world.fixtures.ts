import { AttachmentRemoved, AttachmentUploaded } from '@facet/contracts/media';
import { MessagesImportService, MessagesService } from '@facet/contracts/messages/grpc';
import { MemberJoined, MemberLeft, MemberRole, RoomCreated, RoomDeleted, RoomType } from '@facet/contracts/rooms';
import { event, type OutgoingEvent } from '@facet/events';
import { contextOf, idOf, startService, userIds, type TestUser } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import type { Clock } from '../src/clock.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';

const services = { messages: MessagesService, imports: MessagesImportService } as const;
const began = new Date('2026-01-01T00:00:00Z');

/** general is public without dave, engineering private, board private without alice (who is admin) and bob, pair a direct room of alice and bob. */
export const rooms = { general: idOf(1), engineering: idOf(2), board: idOf(3), pair: idOf(4) } as const;
type RoomName = keyof typeof rooms;

const { ROOM_TYPE_PUBLIC: PUBLIC, ROOM_TYPE_PRIVATE: PRIVATE, ROOM_TYPE_DIRECT: DIRECT } = RoomType;
const world: Record<RoomName, { type: RoomType; members: TestUser[] }> = {
  general: { type: PUBLIC, members: ['alice', 'bob', 'carol', 'gina'] },
  engineering: { type: PRIVATE, members: ['carol', 'alice', 'bob'] },
  board: { type: PRIVATE, members: ['carol'] },
  pair: { type: DIRECT, members: ['alice', 'bob'] },
};

/** A room of which the first member is the room's admin. */
export function roomCreated(roomId: string, type: RoomType, members: readonly TestUser[]) {
  const [first = 'alice'] = members;
  const { MEMBER_ROLE_ADMIN: admin, MEMBER_ROLE_MEMBER: member } = MemberRole;
  return event(
    RoomCreated,
    { key: roomId },
    {
      roomId,
      type,
      name: 'room',
      createdBy: userIds[first],
      createdAt: began,
      members: members.map((user) => ({ userId: userIds[user], role: user === first ? admin : member, joinedAt: began })),
    },
  );
}

export function memberJoined(roomId: string, user: TestUser) {
  const member = { userId: userIds[user], role: MemberRole.MEMBER_ROLE_MEMBER, joinedAt: new Date() };
  return event(MemberJoined, { key: roomId }, { roomId, member });
}

export function memberLeft(roomId: string, user: TestUser) {
  return event(MemberLeft, { key: roomId }, { roomId, userId: userIds[user], leftAt: new Date() });
}

export function roomDeleted(roomId: string) {
  return event(RoomDeleted, { key: roomId }, { roomId, deletedAt: new Date() });
}

/** A picture that somebody has uploaded. */
export function attachmentUploaded(attachmentId: string, user: TestUser) {
  const picture = { name: 'a.png', type: 'image/png', size: 1_234, width: 640, height: 480, thumbnails: [160, 320] };
  const key = { key: attachmentId };
  return event(AttachmentUploaded, key, { attachmentId, ownerId: userIds[user], ...picture, uploadedAt: new Date() });
}

export function attachmentRemoved(attachmentId: string, user: TestUser) {
  return event(AttachmentRemoved, { key: attachmentId }, { attachmentId, ownerId: userIds[user], removedAt: new Date() });
}

export class MovableClock implements Clock {
  #ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  moveOn(ms: number): void {
    this.#ahead += ms;
  }
}

/** messages-service as it runs, on a database of its own, with the rooms above. */
export async function startWorld() {
  const clock = new MovableClock();
  const { app, clients, importing, target, database, settle, stop } = await startService<Tables, typeof services>({
    name: 'messages-service',
    schema: 'messages',
    migrations,
    services,
    module: (config) => AppModule.forRoot(config, clock),
  });
  const tell = async (...news: OutgoingEvent[]) => {
    await database.emit(news);
    await settle();
  };
  await tell(...Object.entries(world).map(([room, { type, members }]) => roomCreated(rooms[room as RoomName], type, members)));

  const { messages } = clients;
  return {
    app,
    clients,
    importing,
    target,
    database,
    clock,
    settle,
    tell,
    messages,
    imports: importing.imports,
    /** What the importer would read, if it could. */
    importersMessages: importing.messages,
    /** Says something and answers its id. */
    say: async (user: TestUser, room: RoomName, content = `${user} in ${room}`) => {
      const { message } = await messages.sendMessage({ roomId: rooms[room], content }, contextOf(user));
      return message!.id;
    },
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
