import { idOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('201 with Location', () => {
  it.each([
    ['a room', 'POST', '/api/v1/rooms', { name: 'cooking', type: 'private', topic: 'Food', memberIds: [userIds.carol] }],
    ['a message', 'POST', `${general}/messages`, { content: 'Hello' }],
    ['a member by POST', 'POST', `${general}/members`, { userId: userIds.dave }],
    ['a member by PUT', 'PUT', `${general}/members/${userIds.dave}`, undefined],
    ['oneself by PUT', 'PUT', `${general}/members/${userIds.gina}`, undefined],
  ])('%s that is new can be read where the answer says', async (_, method, path, body) => {
    const subject = userIds.gina;
    const made = await partner.call(method, path, { body, subject });
    const location = made.headers.get('location') ?? '';

    expect(made.status).toBe(201);
    expect(location).toBe(made.body.links.self);
    expect(await partner.call('GET', location, { subject })).toMatchObject({ status: 200, body: made.body });
  });

  it('a direct room has no name', async () => {
    const { status, body } = await partner.call('POST', '/api/v1/rooms', { body: { type: 'direct', memberIds: [userIds.carol] } });
    expect({ status, name: body.name }).toEqual({ status: 201, name: null });
  });

  it('a message without a client id is a new one each time', async () => {
    const say = () => partner.call('POST', `${general}/messages`, { body: { content: 'Hello', replyTo: idOf(100) } });
    const [first, second] = [await say(), await say()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.id).not.toBe(second.body.id);
  });
});
