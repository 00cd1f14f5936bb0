import { MessageType } from '@facet/contracts/messages';
import { RoomType } from '@facet/contracts/rooms';
import { Cursors } from '@facet/edge';
import { MemoryState } from '@facet/state/memory';
import { aMember, aMessage, anAttachment, aNotification, aRoom, aUser, EventsFake, idOf, mediaFake, userIds } from '@facet/testing';
import { resilienceSuite, restEndpoints } from '@facet/testing/resilience';
import { AppModule } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { clientsOf, Downstream } from '../src/downstream.js';
import { webSchema } from '../src/graphql/executable-schema.js';
import { graphqlEndpoints } from './graphql-endpoints.fixtures.js';

// Everything that a field can show is there: a direct room to be named, a message that answers another.
const room = aRoom({ id: idOf(1), type: RoomType.ROOM_TYPE_DIRECT, directMemberIds: [userIds.alice, userIds.bob] });
const message = aMessage({ type: MessageType.MESSAGE_TYPE_TEXT, replyTo: idOf(10), reactions: [{ emoji: '👍', count: 2, mine: true }] });
const reaction = { emoji: '👍', count: 1, mine: true };
const fakes = {
  users: {
    getUser: ({ userId }: { userId: string }) => ({ user: aUser({ id: userId, name: `user ${userId}`, email: 'somebody@example.org' }) }),
    updateUser: () => ({ user: aUser() }),
  },
  rooms: {
    getRoom: () => ({ room }),
    listRooms: () => ({ rooms: [room], more: false }),
    listMembers: () => ({ members: [aMember()], more: false }),
    createRoom: () => ({ room, created: true }),
    joinRoom: () => ({ room }),
    leaveRoom: () => ({}),
  },
  messages: {
    listMessages: () => ({ messages: [message], more: false }),
    getMessage: ({ messageId }: { messageId: string }) => ({ message: { ...message, id: messageId } }),
    sendMessage: () => ({ message, created: true }),
    editMessage: () => ({ message }),
    deleteMessage: () => ({}),
    addReaction: () => ({ reaction }),
    removeReaction: () => ({ removed: true }),
  },
  notifications: {
    countUnread: () => ({ count: 3 }),
    listNotifications: () => ({ notifications: [aNotification()], more: false }),
    markRoomRead: () => ({}),
  },
  media: mediaFake,
};

const id = (value: string) => `(id: "${value}")`;
const reacted = `(messageId: "${message.id}", emoji: "👍")`;
const examples = {
  'Query.user': id(userIds.bob),
  'Query.room': id(room.id),
  'Mutation.updateProfile': '(input: { name: "Alice B." })',
  'Mutation.createRoom': '(input: { name: "cooking", type: PUBLIC })',
  'Mutation.joinRoom': id(room.id),
  'Mutation.leaveRoom': id(room.id),
  'Mutation.markRead': `(roomId: "${room.id}", messageId: "${message.id}")`,
  'Mutation.sendMessage': `(input: { roomId: "${room.id}", content: "Good night" })`,
  'Mutation.editMessage': `(id: "${message.id}", content: "Better")`,
  'Mutation.deleteMessage': id(message.id),
  'Mutation.addReaction': reacted,
  'Mutation.removeReaction': reacted,
  'Room.unreadCount': `(userId: "${userIds.alice}")`,
};
const nothing = '{ __typename }';
/** No service has a part in these; what becomes of them while the issuer is away is tested by itself. */
const betweenBrowserAndIssuer = ['GET /bff/login', 'GET /bff/callback', 'GET /bff/logout', 'POST /bff/backchannel'];
const upload = new FormData();
upload.append('file', new Blob(['not really a picture']), 'beach.png');

await resilienceSuite({
  application: 'web-bff',
  config: readConfig,
  module: (config) => AppModule.forRoot(config, { events: new EventsFake(), state: new MemoryState() }),
  downstream: Downstream,
  clientsOf,
  fakes,
  endpoints: (app) => [
    ...graphqlEndpoints(
      webSchema({ downstream: app.get(Downstream, { strict: false }), cursors: app.get(Cursors, { strict: false }) }),
      examples,
    ),
    ...restEndpoints(app, {
      path: { attachmentId: anAttachment().id, width: '320', code: 'not-found' },
      bodies: { 'POST /graphql': { query: nothing }, 'POST /v1/attachments': upload },
      queries: { 'GET /graphql': `?query=${encodeURIComponent(nothing)}` },
    }).filter(({ name }) => !betweenBrowserAndIssuer.includes(name)),
  ],
  user: 'alice',
  client: 'web-app',
  browser: true,
  volatile: /(?<="expiresAt":")[^"]*|(?<=logout\?sid=)[^"]*/g,
});
