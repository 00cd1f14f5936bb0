import { MediaService } from '@facet/contracts/media/http';
import { connectClients } from '@facet/downstream';
import { ProblemError } from '@facet/errors';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { contextOf, idOf, startHttpFake, userIds, type HttpFake } from '../src/index.js';

let fake: HttpFake;
let connected: ReturnType<typeof connect>;
beforeAll(async () => {
  fake = await startHttpFake({
    'GET /v1/attachments/{id}': ({ path, caller }) => ({ body: { attachment: { id: path.id, ownerId: caller.subject } } }),
    'DELETE /v1/attachments/{id}': () => {
      throw new ProblemError('forbidden', { detail: 'Not yours.' });
    },
    'POST /v1/attachments': ({ body, headers }) => ({ status: 201, body: { size: body.length, type: headers['content-type'] } }),
  });
  connected = connect();
});
beforeEach(() => fake.reset());
afterAll(async () => {
  connected.close();
  await fake.stop();
});

function connect() {
  const { target } = fake;
  const media = { service: MediaService, dependency: 'media', audience: 'media-service', target, deadlineMs: 200 } as const;
  return connectClients({ issuer: 'mobile-bff', rootKey: Buffer.alloc(32, 7), clients: { media } });
}

const claims = { sub: 'a', kind: 'user', client_id: 'mobile-app', scope: '', roles: [] };

it('answers the methods of a service by their routes, and anything else that is asked', async () => {
  const { media } = connected.clients;
  const { attachment } = await media.getAttachment({ id: idOf(1) }, contextOf());
  expect(attachment).toMatchObject({ id: idOf(1), ownerId: userIds.alice });
  await expect(media.deleteAttachment({ id: idOf(1) }, contextOf())).rejects.toMatchObject({ code: 'forbidden', detail: 'Not yours.' });
  const response = await fetch(`http://${fake.target.replace('static:', '')}/v1/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y` },
    body: 'four',
  });
  expect([response.status, await response.json()]).toEqual([201, { size: 4, type: 'text/plain;charset=UTF-8' }]);
  expect(fake.calls).toEqual({ 'GET /v1/attachments/{id}': 1, 'DELETE /v1/attachments/{id}': 1, 'POST /v1/attachments': 1 });
});

it.each([
  ['late', 900, 'timeout'],
  ['garbage', 'garbage', 'invalid'],
  ['a failure of its own', new ProblemError('internal-error'), 'invalid'],
] as const)('that gives %s gave no usable answer', async (_, trouble, reason) => {
  fake.trouble = () => trouble;
  await expect(connected.clients.media.getAttachment({ id: idOf(1) }, contextOf())).rejects.toMatchObject({ dependency: 'media', reason });
});

it('that is stopped is away, and back on its port', async () => {
  await fake.stop();
  await expect(connected.clients.media.getAttachment({ id: idOf(1) }, contextOf())).rejects.toMatchObject({ reason: 'unavailable' });
  await fake.restart();
  expect(await connected.clients.media.getAttachment({ id: idOf(1) }, contextOf())).toMatchObject({ attachment: { id: idOf(1) } });
});
