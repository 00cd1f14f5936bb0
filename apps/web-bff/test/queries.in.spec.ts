import { anAttachment, userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { directRoomId, memberIds, message, messageId, roomIds, startWebApp } from './web-app.fixtures.js';

let web: Awaited<ReturnType<typeof startWebApp>>;
beforeAll(async () => void (web = await startWebApp()));
beforeEach(() => web.reset());
afterAll(() => web.stop());

const rpcs = () =>
  Object.entries(web.services).flatMap(([service, { calls }]) =>
    Object.entries(calls).map(([method, count]) => `${service}.${method} ${count}`),
  );

describe('RPCs', () => {
  it('are at most one per method and level, for 40 rooms with 200 members each', async () => {
    const { status, body } = await web.ask('{ me { rooms { name lastMessage { content user { username } } members { id } } } }');
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    const { rooms } = body.data?.me as { rooms: { name: string; members: object[]; lastMessage: object }[] };
    expect(rooms).toHaveLength(40);
    expect(rooms[0]).toMatchObject({ name: 'BOB', lastMessage: { content: 'said 05', user: { username: 'bob' } } });
    expect(rooms[0]?.members).toHaveLength(200);
    expect(rpcs().sort()).toEqual([
      'messages.batchListMessages 1',
      'rooms.batchListMembers 1',
      'rooms.listRooms 1',
      // The direct room's name, then the last message's author: two levels.
      'users.getUser 2',
    ]);
  });

  it('stay one per method and level where every member of every room is drawn', async () => {
    const { body } = await web.ask(
      '{ me { rooms { members { username profile { name } email } unreadCount(userId: "' + userIds.alice + '") } } }',
    );
    expect(body.errors).toBeUndefined();
    expect(rpcs().filter((rpc) => rpc.startsWith('users.'))).toEqual(['users.batchGetUsers 1']);
    expect(rpcs()).toContain('notifications.batchCountUnread 1');
  });

  it('are none for what nobody asked for', async () => {
    expect((await web.ask('{ me { id } }')).body.data).toEqual({ me: { id: userIds.alice } });
    expect(rpcs()).toEqual([]);
  });

  it('are one for many messages, their rooms, authors and replies', async () => {
    web.services.messages.handlers.listMessages = ({ pageSize }) => ({
      messages: Array.from({ length: pageSize }, (_, n) => ({
        id: messageId(n),
        roomId: roomIds[(n % 20) + 1],
        authorId: memberIds[n],
        replyTo: messageId(n + 100),
        type: 1,
        createdAt: new Date(),
        updatedAt: new Date(),
      })),
      more: false,
    });
    const { body } = await web.ask(
      `{ user(id: "${userIds.bob}") { messages(first: 100) { edges { node { room { topic } user { username } replyTo { content user { username } } } } } } }`,
    );
    expect(body.errors).toBeUndefined();
    expect(rpcs().sort()).toEqual([
      'messages.batchGetMessages 1',
      'messages.listMessages 1',
      'rooms.batchGetRooms 1',
      'users.batchGetUsers 1',
      // Bob, by the query, then by every reply: two levels.
      'users.getUser 2',
    ]);
  });
});

describe('queries', () => {
  it('name a direct room after the others, for each viewer', async () => {
    const query = `{ room(id: "${directRoomId}") { name type } }`;
    expect((await web.ask(query, { as: 'alice' })).body.data).toEqual({ room: { name: 'BOB', type: 'DIRECT' } });
    expect((await web.ask(query, { as: 'bob' })).body.data).toEqual({ room: { name: 'ALICE', type: 'DIRECT' } });
  });

  it('give the e-mail address as the service gives it', async () => {
    const query = `{ me { email } user(id: "${userIds.bob}") { email username profile { name about } } }`;
    expect((await web.ask(query)).body.data).toEqual({
      me: { email: 'alice@example.org' },
      user: { email: null, username: 'bob', profile: { name: 'BOB', about: null } },
    });
  });

  it('page through all rooms by cursor, without loss or repeat', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { body } = await web.ask(
        'query ($after: String) { rooms(first: 15, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
        { variables: { after } },
      );
      const { edges, pageInfo } = body.data?.rooms as {
        edges: { node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      seen.push(...edges.map(({ node }) => node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(roomIds);
  });

  it('give messages with their reactions, and cursors that fit', async () => {
    const query = `query ($after: String) { room(id: "${roomIds[1]}") { messages(first: 2, after: $after) { edges { cursor node { id reactions { emoji count mine } createdAt deletedAt } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    const first = (await web.ask(query)).body.data?.room as {
      messages: { edges: { cursor: string; node: object }[]; pageInfo: { endCursor: string } };
    };
    expect(first.messages.edges[0]?.node).toEqual({
      id: messageId(5),
      reactions: [{ emoji: '👍', count: 2, mine: true }],
      createdAt: '2026-11-01T12:00:00.000Z',
      deletedAt: null,
    });
    expect(first.messages.pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.messages.edges[0]?.cursor,
    });
    const next = (await web.ask(query, { variables: { after: first.messages.pageInfo.endCursor } })).body.data;
    expect(next).toMatchObject({ room: { messages: { edges: [{ node: { id: messageId(3) } }, { node: { id: messageId(2) } }] } } });
  });

  it('give the files of a message in all their sizes', async () => {
    const plain = anAttachment({ id: messageId(31), type: 'text/plain', width: undefined, height: undefined, thumbnails: [] });
    const attachments = [anAttachment({ id: messageId(30), thumbnails: [160, 320] }), plain];
    web.services.messages.handlers.listMessages = () => ({ messages: [{ ...message(messageId(1), roomIds[1]!), attachments }] });
    const files = 'attachments { id name type size width height url thumbnails { width url } }';
    const { body } = await web.ask(`{ room(id: "${roomIds[1]}") { lastMessage { ${files} } } }`);
    const path = `/v1/attachments/${messageId(30)}`;
    const image = { id: messageId(30), name: 'beach.png', type: 'image/png', size: 1_234, width: 1_024, height: 768 };
    const thumbnails = [160, 320].map((width) => ({ width, url: `${path}/thumbnails/${width}` }));
    const text = { ...image, id: messageId(31), type: 'text/plain', width: null, height: null };
    expect(body).toEqual({
      data: {
        room: {
          lastMessage: {
            attachments: [
              { ...image, url: `${path}/content`, thumbnails },
              { ...text, url: `/v1/attachments/${messageId(31)}/content`, thumbnails: [] },
            ],
          },
        },
      },
    });
  });

  it('give notifications with what they speak of', async () => {
    const query =
      '{ notifications { edges { node { id type text read createdAt room { name } message { content } } } pageInfo { hasNextPage } } }';
    expect((await web.ask(query)).body.data).toEqual({
      notifications: {
        edges: [
          {
            node: {
              id: messageId(9),
              type: 'MENTION',
              text: 'hey @alice',
              read: false,
              createdAt: '2026-11-01T12:00:00.000Z',
              room: { name: 'room-39' },
              message: { content: 'said 05' },
            },
          },
        ],
        pageInfo: { hasNextPage: false },
      },
    });
  });

  it('give null and not-found for what does not exist', async () => {
    const { status, body } = await web.ask(`{ room(id: "${messageId(1)}") { id } user(id: "${messageId(1)}") { id } }`);
    expect(status).toBe(200);
    expect(body.data).toEqual({ room: null, user: null });
    expect(body.errors?.map(({ path, extensions }) => [path?.[0], extensions.code]).sort()).toEqual([
      ['room', 'not-found'],
      ['user', 'not-found'],
    ]);
    expect(body.extensions).toBeUndefined();
  });

  it('show a message whose author is lost', async () => {
    const lost = messageId(77);
    web.services.messages.handlers.listMessages = () => ({
      messages: [{ id: messageId(1), roomId: roomIds[1], authorId: lost, content: 'old', type: 1 }],
    });
    const query = `{ room(id: "${roomIds[1]}") { lastMessage { content user { id username profile { name } } } } }`;
    expect((await web.ask(query)).body).toEqual({
      data: { room: { lastMessage: { content: 'old', user: { id: lost, username: lost, profile: null } } } },
    });
  });
});
