import { expect, inject, it } from 'vitest';
import { Person, until } from '../src/person.js';

const demo = inject('demo');
const [alice, bob] = [new Person(demo, 'alice'), new Person(demo, 'bob')];
const general = demo.rooms['general']!;

it('a message posted on a phone is in the answers of web and partner at once, and its mention reaches bob within 2 s', async () => {
  const text = `@bob have a look ${crypto.randomUUID()}`;
  const posted = await alice.mobile('POST', `/rooms/${general}/messages`, { text, clientId: crypto.randomUUID() });
  expect(posted.status).toBe(201);

  const web = await bob.graphql('query ($id: ID!) { room(id: $id) { lastMessage { id content } } }', { id: general });
  expect(web.body.data.room.lastMessage).toEqual({ id: posted.body.id, content: text });
  const partner = await bob.partner('GET', `/rooms/${general}/messages?order=desc&limit=1`);
  expect(partner.body.data[0]).toMatchObject({ id: posted.body.id, content: text });

  const feed = await until(
    () => bob.mobile('GET', '/notifications?limit=5'),
    ({ body }) => JSON.stringify(body).includes(posted.body.id),
    2_000,
  );
  expect(JSON.stringify(feed.body)).toContain(posted.body.id);
});

it('100 posts with one client id at the same time are one message', async () => {
  const clientId = crypto.randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => alice.mobile('POST', `/rooms/${demo.rooms['direct']}/messages`, { text: 'once', clientId })),
  );
  expect(answers.filter(({ status }) => status >= 400).map(({ body }) => body)).toEqual([]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(99);
});

it('a room is made, joined, talked in, read and left', async () => {
  const dave = new Person(demo, 'dave');
  const room = await alice.mobile('POST', '/rooms', { name: 'journey', type: 'public' });
  expect(room.status).toBe(201);
  const at = `/rooms/${room.body.id}`;
  expect((await dave.mobile('PUT', `${at}/membership`)).status).toBe(204);
  const posted = await dave.mobile('POST', `${at}/messages`, { text: 'hello', clientId: crypto.randomUUID() });
  expect(posted.status).toBe(201);

  const unread = await until(
    () => alice.mobile('GET', at),
    ({ body }) => body.unread === 1,
    2_000,
  );
  expect(unread.body).toMatchObject({ unread: 1, degraded: [], messages: [{ id: posted.body.id, text: 'hello' }] });
  expect((await alice.mobile('PUT', `${at}/read`, { messageId: posted.body.id })).status).toBe(204);
  expect((await alice.mobile('GET', at)).body.unread).toBe(0);

  expect((await alice.mobile('PUT', `${at}/messages/${posted.body.id}/reactions/${encodeURIComponent('👍')}`)).status).toBe(204);
  expect((await dave.mobile('GET', `${at}/messages/${posted.body.id}`)).body.reactions).toEqual([{ emoji: '👍', count: 1, mine: false }]);
  expect((await dave.mobile('DELETE', `${at}/messages/${posted.body.id}`)).status).toBe(204);
  expect((await alice.mobile('GET', at)).body.messages[0]).toMatchObject({ deleted: true, text: '' });
  expect((await dave.mobile('DELETE', `${at}/membership`)).status).toBe(204);
});

it('somebody who says that they are online is counted', async () => {
  expect((await bob.mobile('PUT', '/presence', { status: 'online' })).status).toBe(204);
  expect((await bob.mobile('GET', `/rooms/${demo.rooms['engineering']}`)).body.room.online).toBe(1);
  expect((await bob.mobile('PUT', '/presence', { status: 'away' })).status).toBe(204);
  expect((await bob.mobile('GET', `/rooms/${demo.rooms['engineering']}`)).body.room.online).toBe(0);
});
