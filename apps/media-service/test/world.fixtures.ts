import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { deriveInternalKey, InternalTokenMinter } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ListAttachmentsResponse, type Attachment } from '@facet/contracts/media';
import { MessageDeleted, MessagePosted } from '@facet/contracts/messages';
import { MemberLeft, MemberRole, RoomCreated, RoomDeleted, RoomType } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { event, Events, type OutgoingEvent } from '@facet/events';
import { silentLogger } from '@facet/observability';
import { startApp } from '@facet/service-kit';
import { httpService } from '@facet/service-kit/http';
import { callerOf, idOf, testDatabase, userIds, type TestUser } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import type { Clock } from '../src/clock.js';
import { Rounds } from '../src/files/rounds.js';
import type { MediaSettings } from '../src/media.module.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';

const name = 'media-service';
const mebibyte = 1024 * 1024;
const began = new Date('2026-01-01T00:00:00Z');

/** general is public without dave, board private without alice (who is admin) and bob, pair a direct room of carol and bob. */
export const rooms = { general: idOf(1), board: idOf(3), pair: idOf(4) } as const;
export type RoomName = keyof typeof rooms;

const { ROOM_TYPE_PUBLIC: PUBLIC, ROOM_TYPE_PRIVATE: PRIVATE, ROOM_TYPE_DIRECT: DIRECT } = RoomType;
const world: Record<RoomName, { type: RoomType; members: TestUser[] }> = {
  general: { type: PUBLIC, members: ['alice', 'bob', 'carol', 'gina'] },
  board: { type: PRIVATE, members: ['carol', 'dave'] },
  pair: { type: DIRECT, members: ['carol', 'bob'] },
};

function roomCreated(roomId: string, type: RoomType, members: readonly TestUser[]) {
  const seats = members.map((user) => ({ userId: userIds[user], role: MemberRole.MEMBER_ROLE_MEMBER, joinedAt: began }));
  return event(
    RoomCreated,
    { key: roomId },
    { roomId, type, name: 'room', createdBy: userIds[members[0]!], createdAt: began, members: seats },
  );
}

/** Something that somebody said with files, as messages-service tells it. */
export function posted(user: TestUser, room: RoomName, attachmentIds: string[], messageId = newId()) {
  const data = { messageId, roomId: rooms[room], authorId: userIds[user], content: 'look', attachmentIds, postedAt: new Date() };
  return event(MessagePosted, { key: data.roomId }, MessagePosted.fromPartial(data));
}

export function deleted(room: RoomName, messageId: string) {
  return event(MessageDeleted, { key: rooms[room] }, { messageId, roomId: rooms[room], authorId: userIds.carol, deletedAt: new Date() });
}

export function left(user: TestUser, room: RoomName) {
  return event(MemberLeft, { key: rooms[room] }, { roomId: rooms[room], userId: userIds[user], leftAt: new Date() });
}

export function ended(room: RoomName) {
  return event(RoomDeleted, { key: rooms[room] }, { roomId: rooms[room], deletedAt: new Date() });
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

/** A file of a form; of octets that nobody names, unless told. */
export interface FileToSend {
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly type?: string;
}

export type Who = TestUser | Caller;

/** media-service as it runs, on a database and a folder of its own, with the rooms above. */
export async function startWorld(differs: Partial<MediaSettings> = {}) {
  const database = await testDatabase<Tables>({ schema: 'media', migrations });
  const folder = await mkdtemp(join(tmpdir(), 'facet-media-'));
  const rootKey = randomBytes(32);
  const clock = new MovableClock();
  const settings: MediaSettings = {
    MEDIA_DIR: folder,
    MAX_FILES: 10,
    MAX_FILE_BYTES: 2 * mebibyte,
    MAX_REQUEST_BYTES: 4 * mebibyte,
    MAX_UNPOSTED_BYTES: 64 * mebibyte,
    MAX_PIXELS: 4_000_000,
    IMAGES_AT_ONCE: 2,
    UNPOSTED_MS: 24 * 3_600_000,
    UPLOAD_MS: 30_000,
    CLEANUP_MS: 3_600_000,
    ...differs,
  };
  const start = () =>
    startApp({
      name,
      config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'silent', SHUTDOWN_MS: 2_000 },
      module: AppModule.forRoot({ DATABASE_URL: database.url, KAFKA_BROKERS: [], ...settings }, clock),
      server: httpService({
        port: 0,
        internalKeys: { 'mobile-bff': deriveInternalKey(rootKey, name) },
        streams: ['multipart/form-data'],
        receiveMs: settings.UPLOAD_MS,
      }),
      logger: silentLogger,
    });
  let running = await start();
  const halt = () => running.stop();
  const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey });

  const headersOf = async (who: Who) => ({
    authorization: `Bearer ${await minter.mint(typeof who === 'string' ? callerOf(who) : who, name)}`,
    'request-timeout-ms': '20000',
  });
  const call = async (who: Who, path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    await fetch(`http://127.0.0.1:${running.port}/v1/attachments${path}`, {
      ...init,
      headers: { ...(await headersOf(who)), ...init.headers },
    });
  const send = async (who: Who, ...files: FileToSend[]) => {
    const form = new FormData();
    for (const { bytes, name: fileName = 'a file', type = 'application/octet-stream' } of files) {
      form.append('file', new Blob([new Uint8Array(bytes)], { type }), fileName);
    }
    return await call(who, '', { method: 'POST', body: form });
  };
  const settle = () => running.app.get(Events, { strict: false }).flush();

  const each = {
    database,
    folder,
    clock,
    call,
    headersOf,
    send,
    settle,
    get port() {
      return running.port;
    },
    /** A request with a body that no FormData would make. */
    sendRaw: (who: Who, contentType: string, body: BodyInit, more: RequestInit = {}) =>
      call(who, '', { ...more, method: 'POST', body, headers: { 'content-type': contentType } }),
    /** Uploads, and answers the attachments. */
    upload: async (who: Who, ...files: FileToSend[]): Promise<Attachment[]> => {
      const response = await send(who, ...files);
      const body: unknown = await response.json();
      if (response.status !== 201) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
      return ListAttachmentsResponse.fromJSON(body).attachments;
    },
    tell: async (...news: OutgoingEvent[]) => {
      await database.emit(news);
      await settle();
    },
    /** One round of the cleanup, from its beginning to its end. */
    cleanUp: () => running.app.get(Rounds, { strict: false }).run(),
    /** Ends, and begins again on the same data. */
    restart: async () => {
      await halt();
      running = await start();
    },
    halt,
    /** All files, by their paths within the folder. */
    filesOnDisk: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.name !== 'store' && (!entry.isDirectory() || entry.parentPath.endsWith('incoming')))
        .map(({ name: file }) => file)
        .sort();
    },
    rows: async () => ({
      attachments: (await database.db.selectFrom('attachment').selectAll().orderBy('id').execute()).map(({ id }) => id),
      uploads: (await database.db.selectFrom('upload').select('id').execute()).length,
      removed: (await database.db.selectFrom('removed_file').select('id').execute()).length,
    }),
  };
  afterAll(async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await each.tell(...Object.entries(world).map(([room, { type, members }]) => roomCreated(rooms[room as RoomName], type, members)));
  return each;
}

export type World = Awaited<ReturnType<typeof startWorld>>;
