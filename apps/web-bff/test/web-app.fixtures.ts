import { Message, MessageType } from '@facet/contracts/messages';
import { MessagesService } from '@facet/contracts/messages/grpc';
import { NotificationsService } from '@facet/contracts/notifications/grpc';
import { Room, RoomType } from '@facet/contracts/rooms';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import { httpServer } from '@facet/edge';
import { ProblemError } from '@facet/errors';
import { silentLogger } from '@facet/observability';
import { startApp } from '@facet/service-kit';
import type { SharedState } from '@facet/state';
import { MemoryState } from '@facet/state/memory';
import {
  EventsFake,
  mediaFake,
  signInAt,
  startGrpcFake,
  startHttpFake,
  startSignInIssuer,
  userIds,
  type SignInIssuer,
  type TestUser,
} from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import { Config } from '../src/config.js';
import { DevModule, setUp } from '../src/dev/dev.module.js';
import { takeForms } from '../src/session/read-form.js';

const at = new Date('2026-11-01T12:00:00Z');
const idOf = (kind: string, n: number) => `01900000-0000-7000-${kind}-${String(n).padStart(12, '0')}`;
export const roomIds = Array.from({ length: 40 }, (_, n) => idOf('8001', 40 - n));
export const directRoomId = roomIds[0]!;
export const memberIds = [...Object.values(userIds), ...Array.from({ length: 195 }, (_, n) => idOf('8002', n))];
export const messageId = (n: number) => idOf('8003', n);

const room = (id: string) =>
  Room.fromPartial(
    id === directRoomId
      ? { id, type: RoomType.ROOM_TYPE_DIRECT, directMemberIds: [userIds.alice, userIds.bob], createdAt: at }
      : { id, name: `room-${id.slice(-2)}`, type: RoomType.ROOM_TYPE_PUBLIC, topic: 'a topic', createdAt: at },
  );

export const message = (id: string, roomId: string) =>
  Message.fromPartial({
    id,
    roomId,
    authorId: userIds.bob,
    type: MessageType.MESSAGE_TYPE_TEXT,
    content: `said ${id.slice(-2)}`,
    reactions: [{ emoji: '👍', count: 2, mine: true }],
    createdAt: at,
    updatedAt: at,
  });

/** Services that know 200 users, 40 rooms with 200 members each, and 5 messages a room. */
async function startServices() {
  const names = new Map<string, string>(Object.entries(userIds).map(([name, id]) => [id, name]));
  const users = await startGrpcFake(UsersService, {
    getUser: ({ userId }, caller) => {
      if (!memberIds.includes(userId)) throw new ProblemError('not-found');
      const name = names.get(userId) ?? `user-${userId.slice(-3)}`;
      return {
        user: { id: userId, username: name, name: name.toUpperCase(), ...(caller.subject === userId && { email: `${name}@example.org` }) },
      };
    },
    updateUser: ({ userId, ...change }) => ({
      user: { id: userId, username: 'alice', name: change.name ?? 'ALICE', about: change.about || undefined },
    }),
  });
  const rooms = await startGrpcFake(RoomsService, {
    getRoom: ({ roomId }) => {
      if (!roomIds.includes(roomId)) throw new ProblemError('not-found', { detail: 'There is no such room.' });
      return { room: room(roomId) };
    },
    listRooms: ({ pageSize, after }) => {
      const beyond = roomIds.filter((id) => !after || id < after);
      return { rooms: beyond.slice(0, pageSize || 20).map(room), more: beyond.length > (pageSize || 20) };
    },
    listMembers: () => ({ members: memberIds.map((userId) => ({ userId, joinedAt: at })), more: false }),
    createRoom: ({ name, type }) => ({ room: { ...room(roomIds[1]!), name, type }, created: true }),
    joinRoom: ({ roomId }) => ({ room: room(roomId) }),
    leaveRoom: () => ({}),
  });
  const messages = await startGrpcFake(MessagesService, {
    listMessages: ({ of, pageSize, after }) => {
      const beyond = [5, 4, 3, 2, 1].map(messageId).filter((id) => !after || id < after);
      const roomId = of?.$case === 'roomId' ? of.value : roomIds[1]!;
      return { messages: beyond.slice(0, pageSize || 20).map((id) => message(id, roomId)), more: beyond.length > (pageSize || 20) };
    },
    getMessage: ({ messageId: id, roomId }) => ({ message: message(id, roomId ?? roomIds[1]!) }),
    sendMessage: ({ roomId, content }, caller) => ({
      message: { ...message(messageId(6), roomId), content, authorId: caller.subject },
      created: true,
    }),
    editMessage: ({ messageId: id, content }) => ({ message: { ...message(id, roomIds[1]!), content } }),
    deleteMessage: () => {
      throw new ProblemError('forbidden', { detail: 'Only the author may do this.' });
    },
    addReaction: ({ emoji }) => ({ reaction: { emoji, count: 1, mine: true } }),
    removeReaction: () => ({ removed: false }),
  });
  const notifications = await startGrpcFake(NotificationsService, {
    countUnread: ({ userId }, caller) => {
      if (userId && userId !== caller.subject && !caller.roles.includes('admin')) throw new ProblemError('forbidden');
      return { count: 3 };
    },
    listNotifications: () => ({
      notifications: [
        { id: messageId(9), type: 1, roomId: roomIds[1]!, messageId: messageId(5), text: 'hey @alice', createdAt: at, read: false },
      ],
      more: false,
    }),
    markRoomRead: () => ({}),
  });
  const media = await startHttpFake(mediaFake);
  return { users, rooms, messages, notifications, media };
}

export interface Asked {
  readonly as?: TestUser;
  readonly variables?: Record<string, unknown>;
  readonly accept?: string;
  readonly scope?: string;
}

export interface WebAppOptions {
  readonly limits?: { browse?: number; write?: number };
  readonly environment?: string;
  /** In memory unless told; null: as the settings say. */
  readonly state?: SharedState | null;
  readonly issuer?: SignInIssuer;
  readonly settings?: Readonly<Record<string, string>>;
}

export const sessionKeys = JSON.stringify({ 1: Buffer.alloc(32, 8).toString('base64url') });

/** The application alone, on a port of its own. */
export async function startWeb(
  issuer: SignInIssuer,
  { limits, environment = 'production', state = new MemoryState(), settings }: WebAppOptions = {},
) {
  const config = Config.parse({
    FACET_ENV: environment,
    LOG_LEVEL: 'silent',
    PORT: 0,
    MANAGEMENT_PORT: 0,
    ISSUER_URL: issuer.issuer,
    INTERNAL_ROOT_KEY: Buffer.alloc(32, 7).toString('base64url'),
    CLIENT_KEY: issuer.clientKey,
    SESSION_KEYS: sessionKeys,
    KAFKA_BROKERS: 'events.fake:9092',
    REDIS_URL: 'redis://state.fake',
    ...settings,
    ...(settings?.['REDIS_URL'] === '' && { REDIS_URL: undefined }),
  });
  const development = environment === 'development';
  const app = await startApp({
    name: 'web-bff',
    config,
    module: AppModule.forRoot(config, {
      ...(limits && { limits }),
      events: new EventsFake(),
      ...(state && { state }),
      also: development ? [DevModule] : [],
    }),
    server: httpServer({ port: 0, managementPort: 0, setup: development ? setUp : takeForms }),
    logger: silentLogger,
  });
  return { app, origin: `http://127.0.0.1:${app.port}`, stop: () => app.stop() };
}

/** The real application on a port of its own, its services, and somebody who asks it. */
export async function startWebApp(options: WebAppOptions = {}) {
  const services = await startServices();
  const issuer = options.issuer ?? (await startSignInIssuer());
  const settings = {
    USERS_TARGET: services.users.target,
    ROOMS_TARGET: services.rooms.target,
    MESSAGES_TARGET: services.messages.target,
    NOTIFICATIONS_TARGET: services.notifications.target,
    MEDIA_TARGET: services.media.target,
    // Room for a busy machine; less than the route's budget, so that a slow service leaves time for the others.
    USERS_DEADLINE_MS: '1200',
    ROOMS_DEADLINE_MS: '1200',
    MESSAGES_DEADLINE_MS: '1200',
    NOTIFICATIONS_DEADLINE_MS: '1200',
  };
  const { app, origin } = await startWeb(issuer, { ...options, settings: { ...settings, ...options.settings } });
  const url = `${origin}/graphql`;
  const cookies = new Map<string, Promise<string>>();
  const cookie = (user: TestUser = 'alice', scope?: string): Promise<string> => {
    const name = `${user} ${scope}`;
    const known = cookies.get(name) ?? signInAt(origin, issuer, { user, ...(scope !== undefined && { scope }) });
    cookies.set(name, known);
    return known;
  };
  /** What a page sends with each call. */
  const credential = async (user?: TestUser, scope?: string) => ({ cookie: await cookie(user, scope), 'x-csrf': '1' });

  async function ask(query: string, { as, variables, accept, scope }: Asked = {}) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...(await credential(as, scope)), 'content-type': 'application/json', ...(accept && { accept }) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as GraphqlBody };
  }

  return {
    app,
    url,
    origin,
    issuer,
    credential,
    ask,
    services,
    reset: () => Object.values(services).forEach((service) => service.reset()),
    stop: async () => {
      await app.stop();
      if (!options.issuer) await issuer.stop();
      await Promise.all(Object.values(services).map((service) => service.stop()));
    },
  };
}

interface GraphqlBody {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; requestId: string; errors?: { pointer: string; detail: string }[] };
  }[];
  readonly extensions?: { degraded: string[] };
}
