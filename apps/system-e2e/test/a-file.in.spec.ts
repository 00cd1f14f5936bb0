import { expect, inject, it } from 'vitest';
import { Person, until } from '../src/person.js';

const demo = inject('demo');
const [alice, bob, dave] = ['alice', 'bob', 'dave'].map((name) => new Person(demo, name)) as [Person, Person, Person];
const engineering = `/rooms/${demo.rooms['engineering']}`;
const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Uploads a picture and answers its id. */
async function upload(person: Person): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([dot], { type: 'image/png' }), 'dot.png');
  const { status, body } = await person.raw('mobile', 'POST', '/v1/attachments', { body: form });
  expect([status, body.attachments[0]]).toMatchObject([201, { name: 'dot.png', type: 'image/png', size: dot.length }]);
  return body.attachments[0].id;
}

const post = (person: Person, ...attachmentIds: string[]) =>
  person.mobile('POST', `${engineering}/messages`, { text: '', clientId: crypto.randomUUID(), attachmentIds });

it('a picture is uploaded on a phone, posted without a word, seen in three APIs by who may see it, and gone with its message', async () => {
  const id = await upload(alice);
  const content = `/v1/attachments/${id}/content`;
  expect((await bob.raw('mobile', 'GET', content)).status).toBe(404);

  const posted = await post(alice, id);
  expect(posted).toMatchObject({ status: 201, body: { text: '', attachments: [{ id }] } });
  expect((await bob.raw('mobile', 'GET', posted.body.attachments[0].thumbnailUrl)).headers.get('content-type')).toBe('image/webp');

  const query = 'query ($id: ID!) { room(id: $id) { lastMessage { attachments { id name width height url } } } }';
  const web = await bob.graphql(query, { id: demo.rooms['engineering'] });
  expect(web.body.data.room.lastMessage.attachments).toEqual([{ id, name: 'dot.png', width: 1, height: 1, url: content }]);

  const whole = await bob.raw('web', 'GET', content);
  expect([whole.status, whole.headers.get('content-length')]).toEqual([200, String(dot.length)]);
  const range = await bob.raw('mobile', 'GET', content, { headers: { range: 'bytes=1-3' } });
  expect([range.status, range.body]).toEqual([206, 'PNG']);
  const etag = whole.headers.get('etag')!;
  expect((await bob.raw('mobile', 'GET', content, { headers: { 'if-none-match': etag } })).status).toBe(304);
  expect((await dave.raw('mobile', 'GET', content)).status).toBe(404);

  const partner = await bob.partner('GET', `${engineering}/messages/${posted.body.id}`);
  const link = demo.urls.partner + partner.body.attachments[0].links.content;
  const open = () => fetch(link, { signal: AbortSignal.timeout(5_000) });
  expect(Buffer.from(await (await open()).arrayBuffer())).toEqual(dot);
  expect((await fetch(`${link}A`)).status).toBe(401);

  expect((await alice.mobile('DELETE', `${engineering}/messages/${posted.body.id}`)).status).toBe(204);
  const gone = await until(open, ({ status }) => status === 404, 2_000);
  expect(gone.status).toBe(404);
  expect((await bob.mobile('GET', engineering)).body.messages[0]).toMatchObject({ id: posted.body.id, deleted: true, attachments: [] });
});

it('a file is posted once, by who uploaded it', async () => {
  const id = await upload(alice);
  expect(await post(bob, id)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/attachmentIds/0' }] } });
  const posts = await Promise.all(Array.from({ length: 20 }, () => post(alice, id)));
  expect(posts.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 422)]);
});
