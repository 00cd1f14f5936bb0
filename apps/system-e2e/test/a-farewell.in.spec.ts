import { expect, inject, it } from 'vitest';
import { Pages } from '../src/pages.js';
import { Person, until } from '../src/person.js';

const demo = inject('demo');
const alice = new Person(demo, 'alice');
const wanda = { id: '01900000-0000-7000-8000-00000000f0f0', username: 'wanda', name: 'Wanda Leaves', email: 'wanda@demo.example' };
const goodbye = 'so long';

it('who deletes the account on the page is `Deleted user` in three APIs, signed out, and in no room any more', async () => {
  const opened = { accounts: [{ ...wanda, role: 'user', kind: 'person', openedAt: new Date().toISOString() }] };
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(opened) };
  expect((await fetch(`${demo.urls.identity}/dev/accounts`, init)).ok).toBe(true);
  const self = new Person(demo, 'wanda');
  await until(
    () => self.mobile('GET', '/profile'),
    ({ status }) => status === 200,
    5_000,
  );
  const { body: room } = await alice.mobile('POST', '/rooms', { name: 'farewell', type: 'public' });
  expect((await self.mobile('PUT', `/rooms/${room.id}/membership`)).status).toBe(204);
  expect((await self.mobile('POST', `/rooms/${room.id}/messages`, { text: goodbye, clientId: crypto.randomUUID() })).status).toBe(201);

  const pages = new Pages();
  const credentials = { login: wanda.username, password: 'facet-demo' };
  const home = await pages.send(await pages.open(`${demo.urls.identity}/account`), '/sign-in', credentials);
  const again = await pages.send(home, '/account/close/begin');
  const asked = await pages.send(again, '/sign-in', credentials);
  const closed = await pages.send(asked, '/account/close', { username: wanda.username });
  expect(closed).toMatchObject({ status: 200, body: expect.stringContaining('Your account is deleted') });
  expect((await pages.open(`${demo.urls.identity}/account`)).body).toContain('name="password"');

  const screen = await until(
    () => alice.mobile('GET', `/rooms/${room.id}`),
    ({ body }) => body.messages[0].by.name === 'Deleted user' && body.room.members === 1,
    5_000,
  );
  expect(screen.body.messages[0]).toMatchObject({ by: { id: wanda.id, name: 'Deleted user', avatarUrl: null }, text: goodbye });
  const query = 'query ($id: ID!) { user(id: $id) { username email profile { name about avatarUrl } } }';
  const web = await alice.graphql(query, { id: wanda.id });
  const profile = { name: 'Deleted user', about: null, avatarUrl: null };
  expect(web.body).toEqual({ data: { user: { username: `deleted-${wanda.id}`, email: null, profile } } });
  const partner = await alice.partner('GET', `/users/${wanda.id}`);
  expect(partner.status).toBe(200);
  for (const { body } of [screen, web, partner]) expect(JSON.stringify(body)).not.toMatch(/wanda/i);
});
