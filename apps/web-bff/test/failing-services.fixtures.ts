import { createHash } from 'node:crypto';
import { Message } from '@facet/contracts/messages';
import { Notification } from '@facet/contracts/notifications';
import { Member, Room } from '@facet/contracts/rooms';
import { User } from '@facet/contracts/users';
import { DownstreamError, ProblemError } from '@facet/errors';
import type { Downstream } from '../src/downstream.js';

const at = new Date('2026-11-01T12:00:00Z');
export const ids = Array.from({ length: 4 }, (_, n) => `01900000-0000-7000-8000-00000000000${n}`);

const user = (id: string) => User.fromPartial({ id, username: `user-${id.at(-1)}`, name: 'Somebody' });
// The last one is a direct room.
const room = (id: string) =>
  Room.fromPartial({ id, name: `room-${id.at(-1)}`, type: id === ids[3] ? 3 : 1, directMemberIds: ids.slice(0, 2), createdAt: at });
const message = (id: string, roomId = ids[0]!) =>
  Message.fromPartial({
    id,
    roomId,
    authorId: id,
    type: 1,
    content: 'hi',
    replyTo: id === ids[1] ? ids[2]! : undefined,
    createdAt: at,
    updatedAt: at,
  });
const notification = (id: string) => Notification.fromPartial({ id, type: 1, roomId: id, messageId: id, text: 'look', createdAt: at });

const page = <Row>(rows: readonly Row[], { pageSize = 20 }: { pageSize?: number }) => ({
  rows: rows.slice(0, pageSize),
  more: rows.length > pageSize,
});

/** What the requests of these methods have, each some of it. */
interface Request {
  readonly userId: string;
  readonly roomId: string;
  readonly messageId: string;
  readonly pageSize?: number;
}

const answers: Readonly<Record<string, (request: Request) => object>> = {
  getUser: ({ userId }) => ({ user: user(userId) }),
  getRoom: ({ roomId }) => ({ room: room(roomId) }),
  listRooms: (request) => {
    const { rows, more } = page(ids, request);
    return { rooms: rows.map(room), more };
  },
  listMembers: () => ({ members: ids.slice(0, 2).map((userId) => Member.fromPartial({ userId })), more: false }),
  getMessage: ({ messageId, roomId }) => ({ message: message(messageId, roomId) }),
  listMessages: (request) => {
    const { rows, more } = page(ids, request);
    return { messages: rows.map((id) => message(id)), more };
  },
  countUnread: () => ({ count: 7 }),
  listNotifications: (request) => {
    const { rows, more } = page(ids, request);
    return { notifications: rows.map(notification), more };
  },
};

/** Services that answer the same request always in the same way: well, late, badly, not at all, or with what fits no type. `trouble` of 256 requests go wrong. */
export function failingServices(seed: number, trouble: number): Downstream {
  const ask = (method: string) => (request: Request) => {
    const [luck = 0, kind = 0, turns = 0] = createHash('sha256')
      .update(`${seed} ${method} ${JSON.stringify(request)}`)
      .digest();
    const answer = luck < trouble ? wrong(kind, answers[method]!(request)) : answers[method]!(request);
    if (answer instanceof Error && kind % 2 === 0) throw answer;
    return afterTurns(turns % 4, answer);
  };
  const client = new Proxy({}, { get: (_, method: string) => ask(method) });
  return { users: client, rooms: client, messages: client, notifications: client } as Downstream;
}

function wrong(kind: number, answer: object): unknown {
  const failures = [
    () => new ProblemError('not-found'),
    () => new ProblemError('forbidden', { detail: 'Not you.' }),
    () => new DownstreamError('users', 'unavailable'),
    () => new DownstreamError('rooms', 'timeout'),
    () => new Error('boom'),
    () => spoilt(answer),
    () => spoilt(answer),
    () => ({}),
  ];
  return failures[kind % failures.length]!();
}

/** What fits no type: a scalar of another kind, a number without a name, nothing where something must be. */
function spoilt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (index % 2 === 0 ? spoilt(item) : item));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const bad: Readonly<Record<string, unknown>> = {
    type: 99,
    content: null,
    createdAt: 'yesterday',
    text: {},
    username: undefined,
    read: 'yes',
  };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key in bad ? bad[key] : spoilt(item)]));
}

async function afterTurns(turns: number, answer: unknown): Promise<unknown> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  if (answer instanceof Error) throw answer;
  return answer;
}
