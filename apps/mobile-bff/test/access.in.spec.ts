import { anAttachment, idOf, userIds } from '@facet/testing';
import { accessSuite, routeLines, tokenOf, visitors, withoutLimits, type AskBff, type Visitor } from '@facet/testing/access';
import { afterAll } from 'vitest';
import { startMobile } from './start-mobile.js';

const mobile = await startMobile();
afterAll(() => mobile.stop());
withoutLimits();

const path = {
  roomId: idOf(1),
  messageId: idOf(100),
  userId: userIds.dave,
  emoji: '👍',
  attachmentId: anAttachment().id,
  width: '320',
  code: 'not-found',
};
const upload = new FormData();
upload.append('file', new Blob(['not really a picture']), 'beach.png');
const bodies = {
  'POST /v1/attachments': upload,
  'POST /v1/rooms': { type: 'direct', memberIds: [userIds.dave] },
  'PUT /v1/rooms/:roomId/read': { messageId: idOf(100) },
  'POST /v1/rooms/:roomId/messages': { text: 'Good night' },
  'PATCH /v1/rooms/:roomId/messages/:messageId': { text: 'Better' },
  'PATCH /v1/profile': { name: 'Somebody' },
  'PUT /v1/presence': { status: 'online' },
  'PUT /v1/notifications/read': { upTo: idOf(200) },
};

const ask: AskBff<Visitor> = async ({ method, path, body, headers }, visitor) => {
  mobile.reset();
  const who = tokenOf[visitor];
  const token = who && (await mobile.issuer.issue({ ...who, client: 'mobile-app-dev' }));
  const reply = await mobile.call(method, path, { as: null, token, body, headers });
  const calls = Object.values(mobile.fakes).reduce((sum, { calls }) => sum + Object.keys(calls).length, 0);
  return { status: reply.status, body: reply.body, calls };
};

await accessSuite({ application: 'mobile-bff', people: visitors, lines: routeLines(mobile.app, { path, bodies }, ask) });
