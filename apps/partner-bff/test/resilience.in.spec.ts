import { anAttachment, EventsFake, idOf, mediaFake, userIds } from '@facet/testing';
import { resilienceSuite, restEndpoints } from '@facet/testing/resilience';
import { AppModule } from '../src/app.module.js';
import { config } from '../src/config.js';
import { clientsOf, Downstream } from '../src/downstream.js';
import { aWorld, messagesOf, roomsOf, usersOf } from './services.fixtures.js';

const path = { roomId: idOf(1), messageId: idOf(100), userId: userIds.bob, attachmentId: anAttachment().id, code: 'not-found' };
const upload = new FormData();
upload.append('file', new Blob(['not really a picture']), 'beach.png');
const bodies = {
  'POST /api/v1/attachments': upload,
  'PATCH /api/v1/users/:userId': { name: 'Bob' },
  'POST /api/v1/rooms': { name: 'cooking', type: 'public' },
  'PATCH /api/v1/rooms/:roomId': { topic: 'Everything' },
  'POST /api/v1/rooms/:roomId/members': { userId: userIds.dave },
  'POST /api/v1/rooms/:roomId/messages': { content: 'Hello', clientId: idOf(500) },
  'PATCH /api/v1/rooms/:roomId/messages/:messageId': { content: 'Better' },
};

/** Services whose world is as it was before each call, so that the same call has the same answer. */
function asBefore<Handlers extends object>(handlersOf: () => Handlers): Handlers {
  const names = Object.keys(handlersOf()) as (keyof Handlers)[];
  const handlers = names.map((name) => [name, (...given: unknown[]) => (handlersOf()[name] as (...given: unknown[]) => unknown)(...given)]);
  return Object.fromEntries(handlers) as Handlers;
}

await resilienceSuite({
  application: 'partner-bff',
  config,
  module: (config) => AppModule.forRoot(config, { events: new EventsFake() }),
  downstream: Downstream,
  clientsOf,
  fakes: {
    users: usersOf(),
    rooms: asBefore(() => roomsOf(aWorld())),
    messages: asBefore(() => messagesOf(aWorld())),
    media: mediaFake,
  },
  endpoints: (app) => restEndpoints(app, { path, bodies }),
  user: 'bob',
  client: 'demo-partner',
  volatile: /capability=[\w-]+/g,
  openApi: { title: 'Facet for partners', version: '1' },
});
