import { idOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { general, partnerApp, random } from './start-partner.js';

const partner = partnerApp();
const nowhere = `/api/v1/rooms/${idOf(77)}`;
const nobody = `/api/v1/users/${idOf(77)}`;

describe('404', () => {
  it.each([
    ['a user that is not', 'GET', nobody, undefined],
    ['the rooms of nobody, rather than an empty list', 'GET', `${nobody}/rooms`, undefined],
    ['a room that is not, or may not be seen', 'GET', nowhere, undefined],
    ['a change of it', 'PATCH', nowhere, { topic: 'x' }],
    ['its end', 'DELETE', nowhere, undefined],
    ['its members', 'GET', `${nowhere}/members`, undefined],
    ['a member who is none', 'GET', `${general}/members/${userIds.gina}`, undefined],
    ['a message of another room', 'GET', `${random}/messages/${idOf(100)}`, undefined],
    ['its change', 'PATCH', `${random}/messages/${idOf(100)}`, { content: 'x' }],
    ['its end', 'DELETE', `${random}/messages/${idOf(100)}`, undefined],
    ['an unknown route', 'GET', '/api/v1/nothing', undefined],
    ['an unknown version', 'GET', '/api/v2/rooms', undefined],
  ])('%s', async (_, method, path, body) => {
    expect(await partner.call(method, path, { body })).toMatchObject({
      status: 404,
      body: { code: 'not-found', type: '/errors/not-found' },
    });
  });
});

describe('405', () => {
  it('says which methods a known route knows', async () => {
    const { status, headers } = await partner.call('PUT', general, { body: {} });
    expect(status).toBe(405);
    expect((headers.get('allow') ?? '').split(', ').sort()).toEqual(expect.arrayContaining(['DELETE', 'GET', 'PATCH']));
  });
});
