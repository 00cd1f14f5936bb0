import { Cursors } from '@facet/edge';
import { anAttachment, userIds } from '@facet/testing';
import {
  accessSuite,
  routeLines,
  tokenOf,
  visitors,
  withoutLimits,
  wordOf,
  type AccessLine,
  type AskBff,
  type Visitor,
} from '@facet/testing/access';
import { isObjectType } from 'graphql';
import { afterAll } from 'vitest';
import type { Downstream } from '../src/downstream.js';
import { accessOf } from '../src/graphql/access.js';
import { webSchema } from '../src/graphql/executable-schema.js';
import { graphqlEndpoints } from './graphql-endpoints.fixtures.js';
import { messageId, roomIds, startWebApp } from './web-app.fixtures.js';

const web = await startWebApp();
afterAll(() => web.stop());
withoutLimits();

const schema = webSchema({ downstream: {} as Downstream, cursors: new Cursors(new Uint8Array(32)) });
const [, room] = roomIds;
const id = (value: string) => `(id: "${value}")`;
const reacted = `(messageId: "${messageId(5)}", emoji: "👍")`;
const examples = {
  'Query.user': id(userIds.dave),
  'Query.room': id(room!),
  'Mutation.updateProfile': '(input: { name: "Somebody" })',
  'Mutation.createRoom': '(input: { name: "cooking", type: PUBLIC })',
  'Mutation.joinRoom': id(room!),
  'Mutation.leaveRoom': id(room!),
  'Mutation.markRead': `(roomId: "${room}", messageId: "${messageId(5)}")`,
  'Mutation.sendMessage': `(input: { roomId: "${room}", content: "Good night" })`,
  'Mutation.editMessage': `(id: "${messageId(5)}", content: "Better")`,
  'Mutation.deleteMessage': id(messageId(5)),
  'Mutation.addReaction': reacted,
  'Mutation.removeReaction': reacted,
  'Room.unreadCount': `(userId: "${userIds.dave}")`,
};

/** What depends on whose it is: asked for one's own, and for another's. */
const own: Record<string, (visitor: Visitor, mine: boolean) => string> = {
  'Query.user': (visitor, mine) => `{ user(id: "${whose(visitor, mine)}") { id } }`,
  'User.email': (_, mine) => (mine ? '{ me { email } }' : `{ room(id: "${room}") { members { email } } }`),
  'Room.unreadCount': (visitor, mine) => `{ room(id: "${room}") { unreadCount(userId: "${whose(visitor, mine)}") } }`,
};
const whose = (visitor: Visitor, mine: boolean) => userIds[mine ? (tokenOf[visitor]?.user ?? 'alice') : 'dave'];

/** The services refuse nothing: what is refused, the BFF refuses. */
function begin(): void {
  web.reset();
  const { users, rooms, messages, notifications } = web.services;
  users.handlers.getUser = ({ userId }) => ({
    user: { id: userId, username: 'somebody', name: 'Somebody', email: 'somebody@example.org' },
  });
  rooms.handlers.listMembers = () => ({ members: [{ userId: userIds.dave, joinedAt: new Date() }], more: false });
  messages.handlers.deleteMessage = () => ({});
  notifications.handlers.countUnread = () => ({ count: 3 });
}

const ask: AskBff<Visitor> = async ({ method, path, body, headers }, visitor) => {
  begin();
  const who = tokenOf[visitor];
  const credential = who ? await web.credential(who.user, who.scope) : { 'x-csrf': '1' };
  const response = await fetch(web.origin + path, { method, body, redirect: 'manual', headers: { ...headers, ...credential } });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  const calls = Object.values(web.services).reduce((sum, { calls }) => sum + Object.keys(calls).length, 0);
  return { status: response.status, body: json ? JSON.parse(text) : text, calls };
};

/** What became of a field, on whatever way: the code of its error, or of the one above it. */
async function askField(query: string, visitor: Visitor): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const reply = await ask({ method: 'POST', path: '/graphql', headers, body: JSON.stringify({ query }) }, visitor);
  const [error] = (reply.body as { errors?: { extensions: { code: string } }[] }).errors ?? [];
  return error?.extensions.code ?? wordOf(reply);
}

function fieldLines(): AccessLine<Visitor>[] {
  const declared = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).map((field): [string, ReturnType<typeof accessOf>] => [
        `${type.name}.${field.name}`,
        accessOf(schema, field),
      ]),
    )
    .filter(([, access]) => access !== undefined);
  const rules = new Map(declared.map(([name, access]) => [name, access?.rule ?? 'signed in']));
  const asked = graphqlEndpoints(schema, examples).filter(({ name }) => rules.has(name));
  if (asked.length !== rules.size) throw new Error('There is a field with a rule that nobody asks for');
  return asked.flatMap(({ name, request }): AccessLine<Visitor>[] => {
    const rule = rules.get(name)!;
    const variants = own[name];
    const { query } = JSON.parse(String(request.body)) as { query: string };
    if (!variants) return [{ name, rule, ask: (visitor) => askField(query, visitor) }];
    return [true, false].map((mine) => ({
      name: `${name}: ${mine ? "one's own" : "another's"}`,
      rule,
      ask: (visitor) => askField(variants(visitor, mine), visitor),
    }));
  });
}

const upload = new FormData();
upload.append('file', new Blob(['not really a picture']), 'beach.png');
const routes = routeLines(
  web.app.app,
  {
    path: { attachmentId: anAttachment().id, width: '320', code: 'not-found' },
    bodies: { 'POST /graphql': { query: '{ __typename }' }, 'POST /v1/attachments': upload },
    queries: { 'GET /graphql': `?query=${encodeURIComponent('{ __typename }')}` },
  },
  ask,
);

await accessSuite({ application: 'web-bff', people: visitors, lines: [...routes, ...fieldLines()] });
