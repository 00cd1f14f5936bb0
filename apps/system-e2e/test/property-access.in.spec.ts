import { expect, inject, it } from 'vitest';
import { Person } from '../src/person.js';

const demo = inject('demo');
const [bob, carol] = ['bob', 'carol'].map((name) => new Person(demo, name)) as [Person, Person];
const general = demo.rooms['general']!;
const clientId = () => crypto.randomUUID();

it.each<[string, 'mobile' | 'partner', string, string, object]>([
  ['own role', 'mobile', 'PATCH', '/v1/profile', { role: 'admin' }],
  ['own roles', 'mobile', 'PATCH', '/v1/profile', { name: 'Carol', roles: ['admin'] }],
  ['own e-mail', 'mobile', 'PATCH', '/v1/profile', { email: 'carol@evil.example' }],
  ['own id', 'mobile', 'PATCH', '/v1/profile', { id: bob.id }],
  ['the creator of a room', 'mobile', 'POST', '/v1/rooms', { name: 'mine', type: 'private', createdBy: bob.id }],
  ['the owner of a room', 'mobile', 'POST', '/v1/rooms', { name: 'mine', type: 'private', ownerId: bob.id }],
  ['the author of a message', 'mobile', 'POST', `/v1/rooms/${general}/messages`, { text: 'x', clientId: clientId(), authorId: bob.id }],
  [
    'the time of a message',
    'mobile',
    'POST',
    `/v1/rooms/${general}/messages`,
    { text: 'x', clientId: clientId(), at: '2020-01-01T00:00:00Z' },
  ],
  ['the type of a message', 'partner', 'POST', `/api/v1/rooms/${general}/messages`, { content: 'x', type: 'system' }],
  ['own role, as a resource', 'partner', 'PATCH', `/api/v1/users/${carol.id}`, { role: 'admin' }],
  ['the creator of a room, as a resource', 'partner', 'POST', '/api/v1/rooms', { name: 'mine', type: 'private', createdBy: bob.id }],
])('nobody writes %s', async (_, api, method, path, body) => {
  const answer = await carol.raw(api, method, path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  expect(answer).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
});

it.each([
  ['updateProfile(input: { name: "Carol", role: ADMIN }) { id }'],
  ['createRoom(input: { name: "mine", type: PRIVATE, createdBy: "x" }) { id }'],
  ['sendMessage(input: { roomId: "x", content: "x", authorId: "x" }) { id }'],
])('nor by GraphQL: %s', async (field) => {
  const { status, body } = await carol.graphql(`mutation { ${field} }`);
  expect(status).toBe(422);
  expect(body.data).toBeUndefined();
});

it('nobody makes himself or another the admin of a room', async () => {
  const members = `/api/v1/rooms/${general}/members`;
  for (const person of [carol, bob]) {
    const headers = { 'content-type': 'application/json' };
    await carol.raw('partner', 'PUT', `${members}/${person.id}`, { body: '{"role":"admin"}', headers });
    expect((await carol.raw('partner', 'GET', `${members}/${person.id}`)).body.role).toBe('member');
  }
});

it('and carol is who she was', async () => {
  expect((await carol.partner('GET', `/users/${carol.id}`)).body).toMatchObject({ id: carol.id, username: 'carol' });
  const { body } = await carol.mobile('POST', '/rooms', { name: `of carol ${Date.now()}`, type: 'private' });
  expect((await carol.partner('GET', `/rooms/${body.id}`)).body.createdBy).toBe(carol.id);
});
