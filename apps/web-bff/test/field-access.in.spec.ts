import { userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roomIds, startWebApp } from './web-app.fixtures.js';

let web: Awaited<ReturnType<typeof startWebApp>>;
beforeAll(async () => void (web = await startWebApp({ environment: 'development' })));
beforeEach(() => web.reset());
afterAll(() => web.stop());

const rpcs = () => Object.fromEntries(Object.values(web.services).flatMap(({ calls }) => Object.entries(calls)));
const addresses = (body: { data?: unknown }, path: (data: never) => { id: string; email: string | null }[]) => path(body.data as never);
const [, room] = roomIds;

interface Members {
  readonly room: { readonly members: { id: string; email: string | null }[] };
}

describe('an e-mail address', () => {
  it('is for oneself and for admins', async () => {
    const mine = await web.ask('{ me { email } }', { as: 'carol' });
    expect(mine.body).toEqual({ data: { me: { email: 'carol@example.org' } } });

    web.services.users.handlers.getUser = ({ userId }) => ({ user: { id: userId, username: 'bob', email: 'bob@example.org' } });
    const another = await web.ask(`{ user(id: "${userIds.bob}") { email } }`, { as: 'alice' });
    expect(another.body).toEqual({ data: { user: { email: 'bob@example.org' } } });
  });

  it('of somebody else is null with an error, and all around it is there, though the service lets it slip', async () => {
    web.services.users.handlers.getUser = ({ userId }) => ({ user: { id: userId, username: 'bob', email: 'bob@example.org' } });
    const { status, body } = await web.ask(`{ user(id: "${userIds.bob}") { username email } }`, { as: 'carol' });

    expect(status).toBe(200);
    expect(body.data).toEqual({ user: { username: 'bob', email: null } });
    expect(body.errors).toMatchObject([{ path: ['user', 'email'], extensions: { code: 'forbidden', rule: 'email:read' } }]);
    expect(JSON.stringify(body)).not.toContain('example.org');
  });

  it('is refused in the same words whether there is one or not', async () => {
    const ask = async () => (await web.ask(`{ user(id: "${userIds.bob}") { email } }`, { as: 'carol' })).body.errors!.map(withoutIds);
    const without = await ask();
    web.services.users.handlers.getUser = ({ userId }) => ({ user: { id: userId, username: 'bob', email: 'bob@example.org' } });
    expect(await ask()).toEqual(without);
  });

  it('in a list costs no RPC: who may not see it is known before anybody is asked', async () => {
    const { body } = await web.ask(`{ room(id: "${room}") { members { id email } } }`, { as: 'carol' });

    const members = addresses(body, ({ room }: Members) => room.members);
    expect(members).toHaveLength(200);
    expect(members.filter(({ email }) => email !== null)).toEqual([{ id: userIds.carol, email: 'carol@example.org' }]);
    expect(new Set(body.errors!.map(({ extensions }) => extensions.code))).toEqual(new Set(['forbidden']));
    // One's own is the only profile that is read.
    expect(web.services.users.items).toEqual({ getUser: 1 });
    expect(rpcs()).toEqual({ getRoom: 1, listMembers: 1, getUser: 1 });
  });

  it('in a list comes from one batch for who may see all', async () => {
    await web.ask(`{ room(id: "${room}") { members { id email } } }`, { as: 'alice' });
    expect(rpcs()).toEqual({ getRoom: 1, listMembers: 1, batchGetUsers: 1 });
  });
});

describe('the unread count', () => {
  const counts = (userId: string) =>
    `{ rooms(first: 20) { edges { cursor node { id unreadCount(userId: "${userId}") } } pageInfo { endCursor } } }`;

  it('of somebody else is null in each room, and neither cursors nor the number of rooms tell of it', async () => {
    const mine = await web.ask(counts(userIds.carol), { as: 'carol' });
    web.reset();
    const theirs = await web.ask(counts(userIds.bob), { as: 'carol' });

    const shape = (data: unknown) => JSON.stringify(data).replace(/"unreadCount":(\d+|null)/g, '"unreadCount":0');
    expect(shape(theirs.body.data)).toBe(shape(mine.body.data));
    expect(theirs.body.errors).toHaveLength(20);
    expect(new Set(theirs.body.errors!.map(({ extensions }) => extensions.code))).toEqual(new Set(['forbidden']));
    expect(rpcs()).toEqual({ listRooms: 1 });
  });

  it('of everybody is for admins', async () => {
    const { body } = await web.ask(counts(userIds.bob), { as: 'alice' });
    expect(body.errors).toBeUndefined();
    expect(JSON.stringify(body.data)).toContain('"unreadCount":3');
  });
});

it('a field of a page that the token does not cover does not take the page with it', async () => {
  const { body } = await web.ask(`{ rooms(first: 2) { edges { node { id lastMessage { id } } } } }`, { as: 'carol', scope: 'read:rooms' });
  expect(body.data).toMatchObject({ rooms: { edges: [{ node: { lastMessage: null } }, { node: { lastMessage: null } }] } });
  expect(new Set(body.errors!.map(({ extensions }) => extensions.code))).toEqual(new Set(['insufficient-scope']));
});

it('an alias asks for the same field, by the same rule', async () => {
  const { body } = await web.ask(`{ a: user(id: "${userIds.bob}") { address: email } }`, { as: 'carol' });
  expect(body).toMatchObject({ data: { a: { address: null } }, errors: [{ path: ['a', 'address'], extensions: { code: 'forbidden' } }] });
});

function withoutIds({ extensions: { requestId: _, ...extensions }, ...error }: { extensions: { requestId: string } }) {
  return { ...error, extensions };
}
