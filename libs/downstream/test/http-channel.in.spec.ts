import { once } from 'node:events';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { GetAttachmentRequest, GetAttachmentResponse, ListAttachmentsRequest, ListAttachmentsResponse } from '@facet/contracts/media';
import { MediaService } from '@facet/contracts/media/http';
import { GrpcStatus } from '@facet/errors';
import { encodeMessage, failureOf } from '@facet/service-kit/wire';
import type { Member } from '@facet/balancing';
import type { ServiceError } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHttpChannel } from '../src/http-channel.js';
import type { Reachable } from '../src/http-reach.js';
import { json, printed, startServer, token } from './http-server.fixtures.js';

const attachment = { id: 'a1', ownerId: 'carol', name: 'cat.png', type: 'image/png', size: 5, createdAt: '2026-01-02T03:04:05Z' };
const { UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, CANCELLED } = GrpcStatus;

interface Landed {
  readonly failure: ServiceError | null;
  readonly bytes?: Buffer | undefined;
}

function channelTo() {
  const channel = openHttpChannel();
  channel.serve(MediaService);
  onTestFinished(() => channel.close());
  return channel;
}

/** Asks for an attachment, or for several. */
function ask(member: Reachable, ids: string | string[] = 'a1', { channel = channelTo(), timeoutMs = 5_000 } = {}) {
  const bytes = Array.isArray(ids) ? encodeMessage(ListAttachmentsRequest, { ids }) : encodeMessage(GetAttachmentRequest, { id: ids });
  let told = 0;
  let cancel = () => {};
  const landed = new Promise<Landed>((resolve) => {
    cancel = channel.send(
      {
        path: `/facet.media.v1.MediaService/${Array.isArray(ids) ? 'ListAttachments' : 'GetAttachment'}`,
        bytes,
        headers: { token, requestId: 'a-request', traceparent: '00-a-b-01' },
        deadline: Date.now() + timeoutMs,
        member: member as Member,
      },
      (failure, bytes) => {
        told++;
        resolve({ failure, bytes });
      },
    );
  });
  return { landed, cancel, told: () => told };
}

const codeOf = async (asked: ReturnType<typeof ask>) => (await asked.landed).failure?.code;

describe('a call over HTTP', () => {
  it('asks at its route, and says who asks, for which request, and for how long', async () => {
    const server = await startServer((_, response) => json(response, { attachments: [attachment] }));
    const { failure, bytes } = await ask(server.member, ['a1', 'a 2']).landed;
    expect(failure).toBeNull();
    expect(ListAttachmentsResponse.decode(bytes!).attachments).toMatchObject([
      { ...attachment, createdAt: new Date(attachment.createdAt) },
    ]);
    const { method, url, headers } = server.asked[0]!;
    expect([method, url]).toEqual(['GET', '/v1/attachments?ids=a1&ids=a+2']);
    expect(headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'x-request-id': 'a-request',
      traceparent: '00-a-b-01',
      'accept-encoding': 'identity',
    });
    expect(Number(headers['request-timeout-ms'])).toBeGreaterThan(4_000);
    expect(Number(headers['request-timeout-ms'])).toBeLessThanOrEqual(5_000);
  });

  it('keeps its connection for the next one', async () => {
    const server = await startServer((_, response) => json(response, { attachment }));
    const channel = channelTo();
    for (let times = 0; times < 5; times++) expect(await codeOf(ask(server.member, 'a1', { channel }))).toBeUndefined();
    expect([server.asked.length, server.connections]).toEqual([5, 1]);
  });

  it('goes nowhere for a proxy of the environment', async () => {
    const proxy = await startServer();
    const server = await startServer((_, response) => json(response, { attachment }));
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = `http://${proxy.address}`;
    onTestFinished(() => {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
    });
    expect(await codeOf(ask(server.member))).toBeUndefined();
    expect(proxy.asked).toEqual([]);
  });

  it('has the answer of the service where it refuses, and its own words', async () => {
    const server = await startServer((_, response) => json(response, { code: 'not-found', status: 404, detail: 'Gone.' }, 404));
    const { failure } = await ask(server.member).landed;
    expect(failureOf('media', failure!)).toMatchObject({ name: 'ProblemError', code: 'not-found', detail: 'Gone.' });
  });

  it('hears when to come again', async () => {
    const server = await startServer((_, response) => json(response, { code: 'dependency-unavailable' }, 503, { 'retry-after': '2' }));
    const { failure } = await ask(server.member).landed;
    expect(failureOf('media', failure!)).toMatchObject({ reason: 'unavailable', pushbackMs: 2_000 });
  });

  it('that cannot be a path reaches nobody', async () => {
    const server = await startServer();
    const { failure } = await ask(server.member, '..').landed;
    expect(failureOf('media', failure!)).toMatchObject({ code: 'validation-failed' });
    expect(server.asked).toEqual([]);
  });
});

describe('an answer that cannot be one is no answer:', () => {
  it.each<[string, number, Record<string, string>, string | Buffer]>([
    ['no JSON', 200, { 'content-type': 'application/json' }, '<html>'],
    ['another type', 200, { 'content-type': 'text/html' }, '{"attachment":{}}'],
    ['no type', 200, {}, '{"attachment":{}}'],
    ['a field of another type', 200, { 'content-type': 'application/json' }, '{"attachment":{"id":5}}'],
    ['packed', 200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }, gzipSync('{"attachment":{}}')],
    ['nothing, where there is something to say', 204, {}, ''],
    ['accepted for later', 202, { 'content-type': 'application/json' }, '{"attachment":{}}'],
    ['a problem of nobody', 404, { 'content-type': 'text/html' }, 'nginx'],
    ['an answer that is too long', 200, { 'content-type': 'application/json' }, Buffer.alloc(8_388_609, ' ')],
    ['a problem that is too long', 404, { 'content-type': 'application/problem+json' }, Buffer.alloc(65_537, ' ')],
  ])('%s', async (_, status, headers, body) => {
    const server = await startServer((_request, response) => void response.writeHead(status, headers).end(body));
    expect(await codeOf(ask(server.member))).toBe(INTERNAL);
  });

  it('one that sends elsewhere, where nobody goes', async () => {
    const elsewhere = await startServer((_, response) => json(response, { attachment }));
    const server = await startServer((_, response) => void response.writeHead(307, { location: `http://${elsewhere.address}/` }).end());
    expect(await codeOf(ask(server.member))).toBe(INTERNAL);
    expect(elsewhere.asked).toEqual([]);
  });

  it('one that never ends, of which no more is read than may be', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => !response.destroyed && response.write(Buffer.alloc(65_536, ' '), () => setImmediate(more));
      more();
    });
    expect(await codeOf(ask(server.member))).toBe(INTERNAL);
    await Promise.all([...server.sockets].map((socket) => socket.destroyed || new Promise((resolve) => socket.once('close', resolve))));
  });

  it('something that is no HTTP at all', async () => {
    const server = createTcp((socket) => socket.on('error', () => {}).end('+OK ready\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await codeOf(ask({ address, reachable: true }))).toBe(INTERNAL);
  });
});

describe('a service that is away', () => {
  it('is noticed at once, gets nothing more, and is found again when it is back', async () => {
    const server = await startServer();
    const { member } = server;
    await server.stop();
    const channel = channelTo();
    expect(await codeOf(ask(member, 'a1', { channel }))).toBe(UNAVAILABLE);
    expect(member.reachable).toBe(false);
    await startServer((_, response) => json(response, { attachment }), Number(member.address.split(':')[1]));
    await expect.poll(() => member.reachable, { timeout: 3_000, interval: 20 }).toBe(true);
    expect(await codeOf(ask(member, 'a1', { channel }))).toBeUndefined();
  });

  it.each([
    ['before it answers', false],
    ['in the middle of its answer', true],
  ])('hangs up %s, and is still worth being tried', async (_, midway) => {
    const server = await startServer((request, response) => {
      if (!midway) return void request.socket.destroy();
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        .write('{"attachment":', () => request.socket.destroy());
    });
    const { member } = server;
    expect(await codeOf(ask(member))).toBe(UNAVAILABLE);
    expect(member.reachable).toBe(true);
  });

  it('is not told apart from a channel that is closed', async () => {
    const server = await startServer();
    const channel = channelTo();
    channel.close();
    expect(await codeOf(ask(server.member, 'a1', { channel }))).toBe(UNAVAILABLE);
    expect(server.asked).toEqual([]);
  });
});

describe('a call whose time is over', () => {
  it.each([
    ['before there is an answer', false],
    ['in the middle of it', true],
  ])('%s fails then, and the service learns of it', async (_, midway) => {
    const hungUp = Promise.withResolvers<void>();
    const server = await startServer((_request, response) => {
      response.on('close', () => hungUp.resolve());
      if (midway) response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    expect(await codeOf(ask(server.member, 'a1', { timeoutMs: 150 }))).toBe(DEADLINE_EXCEEDED);
    await hungUp.promise;
  });

  it('before it was sent reaches nobody', async () => {
    const server = await startServer();
    const asked = ask(server.member, 'a1', { timeoutMs: -1 });
    expect(await codeOf(asked)).toBe(DEADLINE_EXCEEDED);
  });
});

describe('a call that nobody waits for', () => {
  it('is cancelled, at the service as well, and says so once', async () => {
    const reached = Promise.withResolvers<void>();
    const hungUp = Promise.withResolvers<void>();
    const server = await startServer((_, response) => {
      response.on('close', () => hungUp.resolve());
      reached.resolve();
    });
    const asked = ask(server.member);
    await reached.promise;
    asked.cancel();
    asked.cancel();
    expect(await codeOf(asked)).toBe(CANCELLED);
    await hungUp.promise;
    expect(asked.told()).toBe(1);
  });

  it('may be cancelled at once, or after its answer', async () => {
    const server = await startServer((_, response) => json(response, { attachment }));
    const early = ask(server.member);
    early.cancel();
    expect(await codeOf(early)).toBe(CANCELLED);
    const late = ask(server.member);
    const { bytes } = await late.landed;
    late.cancel();
    expect([GetAttachmentResponse.decode(bytes!).attachment?.id, late.told()]).toEqual(['a1', 1]);
  });

  it('does no harm to one that uses the connection after it', async () => {
    const server = await startServer((_, response) => json(response, { attachment }));
    const channel = channelTo();
    const first = ask(server.member, 'a1', { channel });
    await first.landed;
    const second = ask(server.member, 'a1', { channel });
    first.cancel();
    expect(await codeOf(second)).toBeUndefined();
  });
});

it('a channel that is closed lets the calls that are on their way end, then its connections', async () => {
  const answer = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const server = await startServer((_, response) => {
    reached.resolve();
    void answer.promise.then(() => json(response, { attachment }));
  });
  const channel = channelTo();
  const asked = ask(server.member, 'a1', { channel });
  await reached.promise;
  channel.close();
  const closed = [...server.sockets].map((socket) => once(socket, 'close'));
  answer.resolve();
  expect(await codeOf(asked)).toBeUndefined();
  await Promise.all(closed);
});

it('no failure holds the token, the request, or what was sent', async () => {
  const gone = await startServer();
  await gone.stop();
  const servers = await Promise.all([
    startServer((request) => void request.socket.destroy()),
    startServer((_, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9' }).write('{')),
    startServer((_, response) => void response.writeHead(500).end('oops')),
    startServer((_, response) => json(response, { attachment: 5 })),
    startServer((_, response) => json(response, { code: 'forbidden', detail: 'No.' }, 403)),
    startServer(),
  ]);
  for (const { member } of [gone, ...servers]) {
    const { failure } = await ask(member, 'a1', { timeoutMs: 150 }).landed;
    expect(failure).not.toBeNull();
    expect(printed(failure)).not.toContain(token);
    expect(printed(failureOf('media', failure!, failure))).not.toContain(token);
  }
});
