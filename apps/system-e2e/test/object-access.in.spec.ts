import { beforeAll, expect, inject, it } from 'vitest';
import { Person, type Answer } from '../src/person.js';

const demo = inject('demo');
const [alice, dave] = ['alice', 'dave'].map((name) => new Person(demo, name)) as [Person, Person];
const roomId = demo.rooms['engineering']!;

interface Operation {
  readonly api: 'mobile' | 'partner';
  readonly method: string;
  readonly path: string;
}
interface OpenApi {
  readonly paths: Record<string, Record<string, unknown>>;
}

/** What alice has where dave is not: a message and its file in a private room. */
let ids: Record<string, string>;

/** What each operation would do, were he allowed: a body that is right. */
const bodies: Record<string, (api: Operation['api']) => unknown> = {
  'POST /rooms/{roomId}/messages': (api) =>
    api === 'mobile' ? { text: 'dave was here', clientId: crypto.randomUUID() } : { content: 'dave was here' },
  'PATCH /rooms/{roomId}/messages/{messageId}': (api) => ({ [api === 'mobile' ? 'text' : 'content']: 'dave was here' }),
  'PUT /rooms/{roomId}/read': () => ({ messageId: ids['messageId'] }),
  'POST /rooms/{roomId}/members': () => ({ userId: dave.id }),
  'PUT /rooms/{roomId}/members/{userId}': () => ({ role: 'admin' }),
  'PATCH /rooms/{roomId}': () => ({ name: 'dave was here' }),
  'PATCH /users/{userId}': () => ({ name: 'dave was here' }),
};
/** What anybody may see of anybody. */
const open: Record<string, (answer: Answer) => void> = {
  'GET /users/{userId}': ({ status, body }) => {
    expect(status).toBe(200);
    expect(body.email ?? null).toBeNull();
  },
  'GET /users/{userId}/rooms': ({ body }) => expect(JSON.stringify(body)).not.toContain(roomId),
};

const operations = (await Promise.all((['mobile', 'partner'] as const).map(operationsOf))).flat();

async function operationsOf(api: Operation['api']): Promise<Operation[]> {
  const { paths } = (await (await fetch(`${demo.urls[api]}/openapi.json`)).json()) as OpenApi;
  return Object.entries(paths).flatMap(([path, methods]) =>
    path.includes('Id}') ? Object.keys(methods).map((method) => ({ api, method: method.toUpperCase(), path })) : [],
  );
}

beforeAll(async () => {
  const form = new FormData();
  form.append('file', new Blob(['secret'], { type: 'text/plain' }), 'secret.txt');
  const { body } = await alice.raw('mobile', 'POST', '/v1/attachments', { body: form });
  const attachmentId: string = body.attachments[0].id;
  const text = 'nothing for dave';
  const posted = await alice.mobile('POST', `/rooms/${roomId}/messages`, {
    text,
    clientId: crypto.randomUUID(),
    attachmentIds: [attachmentId],
  });
  expect(posted.status).toBe(201);
  ids = { roomId, attachmentId, messageId: posted.body.id, userId: alice.id, emoji: encodeURIComponent('👍'), width: '320' };
});

it('there is a good number of operations that take an id', () => {
  expect(operations.length).toBeGreaterThan(25);
});

it.each(operations)('$api $method $path shows and changes nothing of a room that its caller is not in', async ({ api, method, path }) => {
  const name = `${method} ${path.replace(/^\/(api\/)?v1/, '')}`;
  const url = path.replace(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? expect.fail(`What is {${parameter}}?`));
  const body = bodies[name]?.(api);
  const answer = await dave.raw(api, method, url, {
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  expect(JSON.stringify(answer.body)).not.toContain('nothing for dave');
  const isOpen = method === 'GET' ? open[name] : undefined;
  if (isOpen) isOpen(answer);
  else expect([403, 404]).toContain(answer.status);
});

it('and all is as it was', async () => {
  const { body: message } = await alice.mobile('GET', `/rooms/${roomId}/messages/${ids['messageId']}`);
  expect(message).toMatchObject({ text: 'nothing for dave', edited: false, deleted: false, reactions: [] });
  const { body: room } = await alice.partner('GET', `/rooms/${roomId}`);
  expect(room.name).toBe('engineering');
  const { body: members } = await alice.partner('GET', `/rooms/${roomId}/members`);
  expect(JSON.stringify(members)).not.toContain(dave.id);
  expect((await alice.mobile('GET', '/profile')).body.name).not.toBe('dave was here');
  const content = await alice.raw('mobile', 'GET', `/v1/attachments/${ids['attachmentId']}/content`);
  expect([content.status, content.body]).toEqual([200, 'secret']);
});

it.each([
  ['query', 'room(id: $room) { id }'],
  ['query', 'searchMessages(query: "nothing", roomId: $room) { edges { node { id } } }'],
  ['mutation', 'sendMessage(input: { roomId: $room, content: "dave was here" }) { id }'],
  ['mutation', 'sendMessage(input: { roomId: $general, content: "dave was here", replyTo: $message }) { id }'],
  ['mutation', 'editMessage(id: $message, content: "dave was here") { id }'],
  ['mutation', 'deleteMessage(id: $message)'],
  ['mutation', 'addReaction(messageId: $message, emoji: "x") { count }'],
  ['mutation', 'removeReaction(messageId: $message, emoji: "x")'],
  ['mutation', 'joinRoom(id: $room) { id }'],
  ['mutation', 'leaveRoom(id: $room)'],
  ['mutation', 'markRead(roomId: $room, messageId: $message) { id }'],
])('by GraphQL neither: %s { %s }', async (kind, field) => {
  const variables = { room: roomId, message: ids['messageId'], general: demo.rooms['general'] };
  const used = Object.keys(variables).filter((name) => field.includes(`$${name}`));
  const { body } = await dave.graphql(
    `${kind} (${used.map((name) => `$${name}: ID!`).join(', ')}) { ${field} }`,
    Object.fromEntries(Object.entries(variables).filter(([name]) => used.includes(name))),
  );
  expect(Object.values(body.data ?? { none: null })).toEqual([null]);
  if (kind === 'mutation') expect(body.errors[0].extensions.code).toMatch(/^(not-found|forbidden|validation-failed)$/);
});

it('every GraphQL field that takes an id is among those', async () => {
  const { body } = await dave.graphql('{ __schema { queryType { fields { name } } mutationType { fields { name args { name } } } } }');
  const mutations = body.data.__schema.mutationType.fields.map(({ name }: { name: string }) => name);
  expect(mutations.toSorted()).toEqual([
    'addReaction',
    'createRoom',
    'deleteMessage',
    'editMessage',
    'joinRoom',
    'leaveRoom',
    'markRead',
    'removeReaction',
    'sendMessage',
    'updateProfile',
  ]);
});
