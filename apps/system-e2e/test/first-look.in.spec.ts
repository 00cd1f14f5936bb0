import { beforeAll, expect, inject, it } from 'vitest';
import { Person } from '../src/person.js';

const demo = inject('demo');
const alice = new Person(demo, 'alice');
const bob = new Person(demo, 'bob');

beforeAll(() => expect(Object.keys(demo.users)).toEqual(['alice', 'bob', 'carol', 'dave', 'gina']));

it('the phone draws its home from one answer of at most 8 kB, rooms by last activity', async () => {
  const { status, body, headers } = await alice.mobile('GET', '/home');
  expect(status).toBe(200);
  expect(Number(headers.get('content-length')) || JSON.stringify(body).length).toBeLessThanOrEqual(8_192);
  expect(body.me).toMatchObject({ id: alice.id, name: 'Alice' });
  expect(body.degraded).toEqual([]);
  expect(body.rooms.length).toBeGreaterThan(5);
  const activity = body.rooms.flatMap(({ last }: { last: { at: string } | null }) => last?.at ?? []);
  expect(activity.length).toBeGreaterThan(5);
  expect(activity).toEqual([...activity].sort().reverse());
});

it('the browser draws its page from one query', async () => {
  const { status, body } = await alice.graphql('{ me { rooms { name lastMessage { content user { username } } members { id } } } }');
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
  const general = body.data.me.rooms.find(({ name }: { name: string }) => name === 'general');
  expect(general.members).toHaveLength(201);
  expect(general.lastMessage.user.username).toEqual(expect.any(String));
});

it('a partner pages through every room it may see, once each, while messages are being posted', async () => {
  let posting = true;
  const posted = (async () => {
    while (posting)
      expect(
        (await bob.mobile('POST', `/rooms/${demo.rooms['random']}/messages`, { text: 'meanwhile', clientId: crypto.randomUUID() })).status,
      ).toBe(201);
  })();
  const seen: string[] = [];
  for (let path: string | null = '/rooms?limit=7'; path;) {
    const { status, body } = await alice.partner('GET', path);
    expect(status).toBe(200);
    seen.push(...body.data.map(({ id }: { id: string }) => id));
    path = body.page.next && `/rooms?limit=7&cursor=${encodeURIComponent(body.page.next)}`;
  }
  posting = false;
  await posted;
  const { body } = await alice.partner('GET', '/rooms?limit=100');
  expect(seen).toEqual(body.data.map(({ id }: { id: string }) => id));
  expect(new Set(seen).size).toBe(seen.length);
});

it('a partner is its bot with client credentials, and sees what its bot may see', async () => {
  const { clientId, clientSecret } = demo.partner;
  const response = await fetch(`${demo.urls.identity}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials&scope=read:rooms',
  });
  expect(response.status).toBe(200);
  const { access_token: token } = (await response.json()) as { access_token: string };
  const rooms = await fetch(`${demo.urls.partner}/api/v1/rooms?limit=100`, { headers: { authorization: `Bearer ${token}` } });
  const { data } = (await rooms.json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toContain(demo.rooms['general']);
  expect(data.map(({ id }) => id)).not.toContain(demo.rooms['engineering']);
});
