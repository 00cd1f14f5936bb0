import { idOf, userIds } from '@facet/testing';
import { accessSuite, routeLines, tokenOf, visitors, withoutLimits, type AskBff, type Visitor } from '@facet/testing/access';
import { afterAll } from 'vitest';
import { files } from './routes.fixtures.js';
import { startPartner } from './start-partner.js';

const partner = await startPartner();
afterAll(() => partner.stop());
withoutLimits();

type Person = Visitor | 'bot';
const people: readonly Person[] = [...visitors, 'bot'];
const bot = { kind: 'bot', subject: idOf(950), roles: ['user'] } as const;

const path = { roomId: idOf(1), messageId: idOf(100), userId: userIds.dave, attachmentId: idOf(900), code: 'not-found' };
const bodies = {
  'POST /api/v1/rooms': { name: 'cooking', type: 'public' },
  'PATCH /api/v1/rooms/:roomId': { topic: 'Everything' },
  'POST /api/v1/rooms/:roomId/members': { userId: userIds.dave },
  'PATCH /api/v1/users/:userId': { name: 'Somebody' },
  'POST /api/v1/rooms/:roomId/messages': { content: 'Hello' },
  'PATCH /api/v1/rooms/:roomId/messages/:messageId': { content: 'Better' },
  'POST /api/v1/attachments': files(),
};

const ask: AskBff<Person> = async ({ method, path, body, headers }, person) => {
  partner.reset();
  const who = person === 'bot' ? { user: bot, scope: tokenOf.user.scope } : tokenOf[person];
  const token = who ? await partner.issuer.issue({ ...who, client: 'demo-partner' }) : null;
  const reply = await partner.call(method, path, { token, body, headers });
  const calls = Object.values(partner.fakes).reduce((sum, { calls }) => sum + Object.keys(calls).length, 0);
  return { status: reply.status, body: reply.body, calls };
};

await accessSuite({ application: 'partner-bff', people, lines: routeLines(partner.running.app, { path, bodies }, ask) });
