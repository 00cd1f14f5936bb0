import { RoomType } from '@facet/contracts/rooms';
import { MemoryState } from '@facet/state/memory';
import { aMessage, anAttachment, aRoom, EventsFake, idOf, mediaFake, userIds } from '@facet/testing';
import { resilienceSuite, restEndpoints } from '@facet/testing/resilience';
import { AppModule } from '../src/app.module.js';
import { config } from '../src/config.js';
import { clientsOf, Downstream } from '../src/downstream.js';
import { messagesFake, notificationsFake, presenceFake, roomsFake, usersFake } from './services.fixtures.js';

const path = {
  roomId: idOf(1),
  messageId: idOf(100),
  userId: userIds.bob,
  emoji: '👍',
  attachmentId: anAttachment().id,
  width: '320',
  code: 'not-found',
};
const upload = new FormData();
upload.append('file', new Blob(['not really a picture']), 'beach.png');
const bodies = {
  'POST /v1/attachments': upload,
  'POST /v1/rooms': { type: 'direct', memberIds: [userIds.bob] },
  'PUT /v1/rooms/:roomId/read': { messageId: idOf(100) },
  'POST /v1/rooms/:roomId/messages': { text: 'Good night', clientId: idOf(7) },
  'PATCH /v1/rooms/:roomId/messages/:messageId': { text: 'Better' },
  'PATCH /v1/profile': { name: 'Alice B.' },
  'PUT /v1/presence': { status: 'online' },
  'PUT /v1/notifications/read': { upTo: idOf(200) },
};

// Everything that a screen can show is there: a direct room to be named, an answer to a message of another page, a picture.
const direct = aRoom({ id: idOf(9), type: RoomType.ROOM_TYPE_DIRECT, directMemberIds: [userIds.alice, userIds.bob] });
const answer = aMessage({ replyTo: idOf(10), authorId: userIds.carol, attachments: [anAttachment()] });
const rooms = { ...roomsFake, createRoom: () => ({ room: direct, created: true }) };
const messages = {
  ...messagesFake,
  listMessages: () => ({ messages: [answer], more: false }),
  getMessage: ({ messageId }: { messageId: string }) => ({ message: messageId === answer.id ? answer : aMessage({ id: messageId }) }),
};

await resilienceSuite({
  application: 'mobile-bff',
  config: (settings) => config({ ...settings, REDIS_URL: 'redis://state.fake:6379', BEARER_CLIENTS: 'mobile-app-dev' }),
  module: (config) => AppModule.forRoot(config, { events: new EventsFake(), state: new MemoryState() }),
  downstream: Downstream,
  clientsOf,
  fakes: { users: usersFake, rooms, messages, presence: presenceFake, notifications: notificationsFake, media: mediaFake },
  endpoints: (app) => restEndpoints(app, { path, bodies }),
  user: 'alice',
  client: 'mobile-app-dev',
  openApi: { title: 'Facet for mobile', version: '1' },
});
