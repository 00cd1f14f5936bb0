import type { MessagesService } from '@facet/contracts/messages/grpc';
import { RoomOrder, RoomType } from '@facet/contracts/rooms';
import type { RoomsService } from '@facet/contracts/rooms/grpc';
import type { UsersService } from '@facet/contracts/users/grpc';
import { ProblemError } from '@facet/errors';
import { aMember, aMessage, aRoom, aUser, idOf, userIds, type FakeHandlers } from '@facet/testing';

/** What the fakes hold: rooms 1 to 3, of which the last is direct; bob and carol in room 1; messages 100 to 104 there, and nowhere else. */
export function aWorld() {
  const rooms = [aRoom(), aRoom({ id: idOf(2), name: 'random' }), aRoom({ id: idOf(3), name: '', type: RoomType.ROOM_TYPE_DIRECT })];
  const members = [aMember(), aMember({ userId: userIds.carol })];
  const messages = [100, 101, 102, 103, 104].map((number) => aMessage({ id: idOf(number), content: `Line ${number}` }));
  return { rooms, members, messages };
}

export type World = ReturnType<typeof aWorld>;

export const usersOf = (): FakeHandlers<typeof UsersService> => ({
  getUser: ({ userId }) => {
    const found = Object.entries(userIds).find(([, id]) => id === userId);
    if (!found) throw new ProblemError('not-found');
    return { user: aUser({ id: userId, username: found[0], name: found[0] }) };
  },
  updateUser: ({ userId, name }, { subject }) => {
    if (userId !== subject) throw new ProblemError('forbidden');
    return { user: aUser({ id: userId, name }) };
  },
});

export const roomsOf = (world: World): FakeHandlers<typeof RoomsService> => ({
  listRooms: ({ order, pageSize, after }) => {
    const { page, more } = pageOf(world.rooms, ({ id }) => id, { ascending: order !== RoomOrder.ROOM_ORDER_ID_DESC, pageSize, after });
    return { rooms: page, more };
  },
  getRoom: ({ roomId }) => ({ room: found(world.rooms, roomId) }),
  createRoom: ({ name, type, topic }) => {
    const room = aRoom({ id: idOf(10 + world.rooms.length), name, type, topic });
    world.rooms.push(room);
    return { room, created: true };
  },
  updateRoom: ({ roomId, name, topic }) => {
    const room = found(world.rooms, roomId);
    if (room.type === RoomType.ROOM_TYPE_DIRECT) throw new ProblemError('conflict', { detail: 'A direct room has no name.' });
    return { room: { ...room, ...(name !== undefined && { name }), topic } };
  },
  deleteRoom: ({ roomId }) => (found(world.rooms, roomId), {}),
  joinRoom: ({ roomId }, { subject }) => {
    world.members.push(aMember({ userId: subject }));
    return { room: found(world.rooms, roomId) };
  },
  leaveRoom: () => ({}),
  listMembers: ({ roomId, pageSize, after, descending }) => {
    found(world.rooms, roomId);
    const { page, more } = pageOf(world.members, ({ userId }) => userId, { ascending: !descending, pageSize, after });
    return { members: page, more };
  },
  addMember: ({ userId }) => {
    const member = world.members.find((candidate) => candidate.userId === userId);
    if (member) return { member, created: false };
    world.members.push(aMember({ userId }));
    return { member: aMember({ userId }), created: true };
  },
  removeMember: () => ({}),
});

export const messagesOf = (world: World): FakeHandlers<typeof MessagesService> => ({
  listMessages: ({ of, pageSize, after, ascending }) => {
    const said = world.messages.filter(({ roomId }) => roomId === of?.value);
    const { page, more } = pageOf(said, ({ id }) => id, { ascending, pageSize, after });
    return { messages: page, more };
  },
  getMessage: ({ messageId, roomId }) => ({ message: messageIn(world, messageId, roomId) }),
  sendMessage: ({ roomId, content, clientId }, { subject }) => {
    const id = clientId ?? idOf(200 + world.messages.length);
    const before = world.messages.find((message) => message.id === id);
    if (before) return { message: before, created: false };
    const message = aMessage({ id, roomId, content, authorId: subject });
    world.messages.push(message);
    return { message, created: true };
  },
  editMessage: ({ messageId, roomId, content }) => ({ message: { ...messageIn(world, messageId, roomId), content } }),
  deleteMessage: ({ messageId, roomId }) => (messageIn(world, messageId, roomId), {}),
});

function messageIn(world: World, messageId: string, roomId: string | undefined) {
  const message = found(world.messages, messageId);
  if (roomId && message.roomId !== roomId) throw new ProblemError('not-found');
  return message;
}

function found<Item extends { id: string }>(items: readonly Item[], id: string): Item {
  const item = items.find((candidate) => candidate.id === id);
  if (!item) throw new ProblemError('not-found');
  return item;
}

interface Seek {
  readonly ascending: boolean;
  readonly pageSize: number;
  readonly after: string | undefined;
}

function pageOf<Item>(items: readonly Item[], idOfItem: (item: Item) => string, { ascending, pageSize, after }: Seek) {
  const sorted = items.toSorted((one, other) => (idOfItem(one) < idOfItem(other) === ascending ? -1 : 1));
  const rest = sorted.filter((item) => after === undefined || (ascending ? idOfItem(item) > after : idOfItem(item) < after));
  return { page: rest.slice(0, pageSize), more: rest.length > pageSize };
}
