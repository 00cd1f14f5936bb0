import { aMessage, aRoom, idOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { routes } from './routes.fixtures.js';
import { bob, direct, general, message, partnerApp } from './start-partner.js';

const partner = partnerApp();
const at = '2026-11-01T12:00:00.000Z';

describe('200', () => {
  it.each(routes.filter(({ method }) => method === 'GET' || method === 'PATCH'))('$route', async ({ method, path, body }) => {
    expect(await partner.call(method, path, { body })).toMatchObject({ status: 200 });
  });

  it('a user is complete', async () => {
    expect((await partner.call('GET', bob)).body).toEqual({
      id: userIds.bob,
      username: 'bob',
      name: 'bob',
      about: null,
      avatarUrl: null,
      email: null,
      createdAt: at,
      updatedAt: at,
      links: { self: bob, rooms: `${bob}/rooms` },
    });
  });

  it('a room is complete, and its links lead to what they say', async () => {
    const { body } = await partner.call('GET', general);

    expect(body).toEqual({
      id: idOf(1),
      name: 'general',
      type: 'public',
      topic: null,
      memberCount: 3,
      createdBy: userIds.alice,
      createdAt: at,
      updatedAt: at,
      links: { self: general, members: `${general}/members`, messages: `${general}/messages` },
    });
    for (const link of Object.values<string>(body.links)) expect((await partner.call('GET', link)).status).toBe(200);
  });

  it('a direct room has no name', async () => {
    expect((await partner.call('GET', direct)).body).toMatchObject({ type: 'direct', name: null });
  });

  it('a message is whole and complete', async () => {
    const text = '🦄'.repeat(4_000);
    partner.world.messages[0] = aMessage({ content: text, replyTo: idOf(90), reactions: [{ emoji: '👍', count: 2, mine: false }] });

    expect((await partner.call('GET', message)).body).toEqual({
      id: idOf(100),
      roomId: idOf(1),
      authorId: userIds.bob,
      content: text,
      type: 'text',
      replyTo: idOf(90),
      reactions: [{ emoji: '👍', count: 2, mine: false }],
      attachments: [],
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
      links: { self: message, room: general, author: bob },
    });
  });

  it('a field that was not promised never leaves', async () => {
    const { body } = await partner.call('GET', general);
    expect(JSON.stringify(body)).not.toMatch(/viewerRole|lastActivityAt|directMemberIds/);
  });

  it('a member who is one already is put again', async () => {
    const { status, body } = await partner.call('PUT', `${general}/members/${userIds.carol}`);
    expect({ status, userId: body.userId }).toEqual({ status: 200, userId: userIds.carol });
  });

  it('the same client id again is the same message', async () => {
    const said = { content: 'Once', clientId: idOf(501) };
    const first = await partner.call('POST', `${general}/messages`, { body: said });
    const again = await partner.call('POST', `${general}/messages`, { body: said });

    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
  });
});

describe('200: lists', () => {
  it('end with next null and without a link', async () => {
    const { body, headers } = await partner.call('GET', '/api/v1/rooms');

    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([1, 2, 3].map(idOf));
    expect(body.page).toEqual({ next: null, limit: 20 });
    expect(headers.get('link')).toBeNull();
  });

  it('come newest first when asked so', async () => {
    const { body } = await partner.call('GET', `${general}/messages?order=desc&limit=2`);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([104, 103].map(idOf));
  });

  it.each([
    ['rooms', '/api/v1/rooms', 60],
    ['messages', `${general}/messages`, 65],
    ['members', `${general}/members`, 2],
  ])('of %s are followed by their links without loss or repeat while others write', async (_, path, count) => {
    for (let number = 0; number < 60; number += 1) partner.world.messages.push(aMessage({ id: idOf(1_000 + number) }));
    for (let number = 0; number < 57; number += 1) partner.world.rooms.push(aRoom({ id: idOf(2_000 + number) }));

    const seen: string[] = [];
    let next: string | undefined = `${path}?limit=7`;
    while (next) {
      const { body, headers }: Awaited<ReturnType<typeof partner.call>> = await partner.call('GET', next);
      seen.push(...body.data.map(({ id, userId }: Record<string, string>) => id ?? userId));
      next = /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      expect(next === undefined).toBe(body.page.next === null);
      // Somebody talks and opens rooms meanwhile, behind the place where the reader is.
      if (seen.length < 50) partner.world.messages.unshift(aMessage({ id: idOf(9_000 + seen.length), roomId: idOf(2) }));
    }

    expect(seen).toHaveLength(count);
    expect(seen).toEqual([...new Set(seen)].sort());
  });

  it('show what was written behind the reader before its end was reached', async () => {
    const first = await partner.call('GET', `${general}/messages?limit=4`);
    partner.world.messages.push(aMessage({ id: idOf(300), content: 'Later' }));
    const rest = await partner.call('GET', `${general}/messages?limit=4&cursor=${first.body.page.next}`);

    expect(rest.body.data.map(({ content }: { content: string }) => content)).toEqual(['Line 104', 'Later']);
  });
});
