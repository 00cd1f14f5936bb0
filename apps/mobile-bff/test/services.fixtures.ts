import type { MessagesService } from '@facet/contracts/messages/grpc';
import type { NotificationsService } from '@facet/contracts/notifications/grpc';
import type { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomType } from '@facet/contracts/rooms';
import type { RoomsService } from '@facet/contracts/rooms/grpc';
import type { UsersService } from '@facet/contracts/users/grpc';
import { ProblemError } from '@facet/errors';
import { aMessage, aNotification, aRoom, aUser, idOf, userIds, type FakeHandlers } from '@facet/testing';

// A small world: general (1), random (2) and a direct room (3) of alice and bob. Message 100 is in general, and only there.
const names = new Map<string, string>(Object.entries(userIds).map(([username, id]) => [id, username]));
const directRoom = aRoom({ id: idOf(3), name: '', type: RoomType.ROOM_TYPE_DIRECT, directMemberIds: [userIds.alice, userIds.bob] });
const worldRooms = [aRoom({ id: idOf(2), name: 'random' }), aRoom(), directRoom];

export const usersFake: FakeHandlers<typeof UsersService> = {
  getUser: ({ userId }) => {
    const username = names.get(userId);
    if (!username) throw new ProblemError('not-found');
    return { user: aUser({ id: userId, username, name: username[0]?.toUpperCase() + username.slice(1) }) };
  },
  updateUser: ({ userId, name, about }) => ({ user: aUser({ id: userId, ...(name && { name }), about }) }),
};

export const roomsFake: FakeHandlers<typeof RoomsService> = {
  listRooms: ({ joinable }) => ({ rooms: joinable ? [aRoom({ id: idOf(4), name: 'cooking' })] : worldRooms }),
  getRoom: ({ roomId }) => ({ room: roomOf(roomId) }),
  createRoom: ({ name, type }) => ({ room: aRoom({ id: idOf(9), name, type }), created: true }),
  joinRoom: ({ roomId }) => ({ room: roomOf(roomId) }),
  leaveRoom: () => ({}),
};

export const messagesFake: FakeHandlers<typeof MessagesService> = {
  listMessages: ({ of, pageSize }) => ({ messages: [aMessage({ roomId: of?.value })], more: pageSize === 1 }),
  getMessage: ({ messageId, roomId }) => ({ message: messageOf(messageId, roomId) }),
  sendMessage: ({ content, roomId }, { subject }) => ({ message: aMessage({ content, roomId, authorId: subject }), created: true }),
  editMessage: ({ messageId, roomId, content }) => ({ message: { ...messageOf(messageId, roomId), content, edited: true } }),
  deleteMessage: ({ messageId, roomId }) => (messageOf(messageId, roomId), {}),
  addReaction: ({ messageId, roomId, emoji }) => (messageOf(messageId, roomId), { reaction: { emoji, count: 1, mine: true } }),
  removeReaction: ({ messageId, roomId }) => (messageOf(messageId, roomId), { removed: true }),
};

/** What a phone uploads. */
export function files(): FormData {
  const form = new FormData();
  form.append('file', new Blob(['bytes'], { type: 'image/png' }), 'beach.png');
  return form;
}

export const presenceFake: FakeHandlers<typeof PresenceService> = {
  countOnline: () => ({ count: 2 }),
  heartbeat: () => ({}),
  setTyping: () => ({}),
};

export const notificationsFake: FakeHandlers<typeof NotificationsService> = {
  listNotifications: () => ({ notifications: [aNotification()], more: false }),
  countUnread: ({ roomId }) => ({ count: roomId ? 1 : 3 }),
  markRoomRead: () => ({}),
  markNotificationsRead: () => ({}),
};

function roomOf(roomId: string) {
  const room = worldRooms.find(({ id }) => id === roomId);
  if (!room) throw new ProblemError('not-found');
  return room;
}

function messageOf(messageId: string, roomId: string | undefined) {
  if (messageId !== idOf(100) || (roomId && roomId !== idOf(1))) throw new ProblemError('not-found');
  return aMessage();
}
