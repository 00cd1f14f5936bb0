import { describe, expect, it } from 'vitest';
import { general, message, partnerApp, random } from './start-partner.js';

const partner = partnerApp();

describe('400', () => {
  it.each([
    ['an id that is no UUID', 'GET', '/api/v1/rooms/1', undefined],
    ['a limit of -1', 'GET', '/api/v1/rooms?limit=-1', undefined],
    ['a limit of 101', 'GET', '/api/v1/rooms?limit=101', undefined],
    ['an unknown order', 'GET', '/api/v1/rooms?order=up', undefined],
    ['an unknown parameter', 'GET', '/api/v1/rooms?colour=red', undefined],
    ['a parameter given twice', 'GET', '/api/v1/rooms?limit=1&limit=2', undefined],
    ['a forged cursor', 'GET', '/api/v1/rooms?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAA', undefined],
    ['broken JSON', 'POST', `${general}/messages`, '{"content":'],
    ['no body', 'PATCH', message, ''],
  ])('%s', async (_, method, path, body) => {
    const reply = await partner.call(method, path, { body });

    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.body).toMatchObject({
      type: '/errors/invalid-request',
      code: 'invalid-request',
      status: 400,
      requestId: expect.any(String),
    });
  });

  it('a cursor of another room, or of the other order', async () => {
    const { body } = await partner.call('GET', `${general}/messages?limit=1`);
    const cursor = body.page.next;

    expect((await partner.call('GET', `${random}/messages?cursor=${cursor}`)).status).toBe(400);
    expect((await partner.call('GET', `${general}/messages?order=desc&cursor=${cursor}`)).status).toBe(400);
    expect((await partner.call('GET', `${general}/messages?cursor=${cursor}`)).status).toBe(200);
  });
});
