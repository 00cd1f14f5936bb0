import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Controller, Get, Module, Post, Req } from '@nestjs/common';
import { deriveInternalKey, InternalTokenMinter } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { Attachment, type GetAttachmentResponse, type ListAttachmentsResponse } from '@facet/contracts/media';
import { MediaService } from '@facet/contracts/media/http';
import { ProblemError } from '@facet/errors';
import { silentLogger } from '@facet/observability';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CallContext, HttpAnswer, HttpRpc, httpService } from '../src/http.js';
import { id, startApp, type RunningApp } from '../src/index.js';
import { alice, productionConfig } from './tiny-service.js';

const One = z.object({ id });
const List = z.object({ ids: z.array(id).min(1).max(2) });
const anId = '01900000-0000-7000-8000-000000000001';
const another = '01900000-0000-7000-8000-000000000002';

/** What the service of a test does, and what it saw. */
const seen = {
  contexts: [] as RequestContext[],
  ready: async () => undefined as unknown,
  stream: undefined as Readable | undefined,
};

@Controller()
class TinyHttp {
  @HttpRpc(MediaService, 'getAttachment', One)
  async get(request: z.output<typeof One>, context: RequestContext): Promise<GetAttachmentResponse> {
    seen.contexts.push(context);
    await seen.ready();
    const attachment = { ...Attachment.fromPartial({ id: request.id, name: 'x', size: 3 }), createdAt: new Date(0) };
    return { attachment };
  }

  @HttpRpc(MediaService, 'listAttachments', List)
  list({ ids }: z.output<typeof List>): ListAttachmentsResponse {
    return { attachments: ids.map((each) => Attachment.fromPartial({ id: each })) };
  }

  @Get('stream')
  stream(@CallContext() context: RequestContext) {
    seen.contexts.push(context);
    return new HttpAnswer({ status: 206, headers: { 'content-length': '4' }, body: (seen.stream = Readable.from([Buffer.from('abcd')])) });
  }

  @Post('count')
  async count(@Req() request: FastifyRequest) {
    return new HttpAnswer({ status: 201, body: String((await text(request.raw)).length) });
  }

  @Post('refuse')
  refuse() {
    throw new ProblemError('payload-too-large', { detail: 'No.' });
  }
}

@Module({ controllers: [TinyHttp] })
class TinyModule {}

const rootKey = randomBytes(32);
const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey });
let app: RunningApp;
let base: string;

beforeAll(async () => {
  const internalKeys = { 'mobile-bff': deriveInternalKey(rootKey, 'media-service') };
  app = await startApp({
    name: 'media-service',
    config: productionConfig,
    module: TinyModule,
    server: httpService({ port: 0, internalKeys, streams: ['multipart/form-data'] }),
    logger: silentLogger,
  });
  base = app.listening['http']!;
});
beforeEach(() => {
  seen.contexts.length = 0;
  seen.ready = async () => undefined;
});
afterAll(() => app.stop());

async function call(path: string, { headers = {}, ...init }: RequestInit & { headers?: Record<string, string> } = {}) {
  const authorization = `Bearer ${await minter.mint(alice, 'media-service')}`;
  return await fetch(base + path, { ...init, headers: { authorization, ...headers } });
}

describe('an RPC', () => {
  it('is served at the route of its contract, for the caller that the token names, and answered as proto3 JSON', async () => {
    const response = await call(`/v1/attachments/${anId.toUpperCase()}`, { headers: { 'x-request-id': 'a-request' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ attachment: { id: anId, name: 'x', size: 3, createdAt: '1970-01-01T00:00:00.000Z' } });
    expect(seen.contexts[0]).toMatchObject({ caller: alice, requestId: 'a-request' });
    expect(response.headers.get('x-request-id')).toBe('a-request');
  });

  it.each([`?ids=${anId}`, `?ids=${anId}&ids=${another}`])('a list of one or more is a list: %s', async (query) => {
    const { attachments } = (await (await call(`/v1/attachments${query}`)).json()) as { attachments: unknown[] };
    expect(attachments).toHaveLength(query.split('ids').length - 1);
  });

  it.each([
    ['/v1/attachments/not-an-id', 422, 'validation-failed', '/id'],
    ['/v1/attachments', 422, 'validation-failed', '/ids'],
    [`/v1/attachments?ids=${anId}&mine=1`, 400, 'invalid-request', 'mine'],
  ])('%s: refused and named', async (path, status, code, pointer) => {
    const response = await call(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ status, code, errors: [{ pointer }] });
  });
});

describe('who may call', () => {
  it.each([{}, { authorization: 'Bearer x.y.z' }])('nobody without a token of ours', async (headers) => {
    const response = await fetch(`${base}/v1/attachments/${anId}`, { headers: headers as Record<string, string> });
    expect(response.status).toBe(401);
    expect(seen.contexts).toEqual([]);
  });

  it('everybody asks for health', async () => {
    expect(await (await fetch(`${base}/health/live`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${base}/health/ready`)).status).toBe(200);
  });

  it.each([
    ['GET', '/nothing', 404, 'not-found'],
    ['PATCH', `/v1/attachments/${anId}`, 405, 'method-not-allowed'],
    ['GET', '/v1/attachments/%ff', 400, 'invalid-request'],
  ])('%s %s is %i', async (method, path, status, code) => {
    const response = await call(path, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });
});

describe('time', () => {
  it('that is over is answered, and whatever is under way for the call ends', async () => {
    let release = () => undefined as void;
    seen.ready = () => new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
    const response = await call(`/v1/attachments/${anId}`, { headers: { 'request-timeout-ms': '20' } });
    expect(response.status).toBe(504);
    expect(seen.contexts[0]!.ending.reason).toMatchObject({ code: 'deadline-exceeded' });
    release();
  });

  it('ends with a client that hangs up', async () => {
    seen.ready = () => new Promise(() => undefined);
    const control = new AbortController();
    const hungUp = call(`/v1/attachments/${anId}`, { signal: control.signal }).catch(() => 'gone');
    await expect.poll(() => seen.contexts.length).toBe(1);
    const ended = new Promise((resolve) => seen.contexts[0]!.ending.add({ end: resolve }));
    control.abort();
    expect(await ended).toMatchObject({ code: 'client-closed-request' });
    expect(await hungUp).toBe('gone');
  });

  it('that cannot be read is refused', async () => {
    expect((await call(`/v1/attachments/${anId}`, { headers: { 'request-timeout-ms': 'soon' } })).status).toBe(400);
  });
});

describe('bytes', () => {
  it('leave as the handler says', async () => {
    const response = await call('/stream');
    expect([response.status, await response.text()]).toEqual([206, 'abcd']);
  });

  it('do not leave for HEAD, and their source is closed', async () => {
    const response = await call('/stream', { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([206, '4', '']);
    expect(seen.stream!.destroyed).toBe(true);
  });

  it('come to the handler as a stream where the content type is one of the declared', async () => {
    const response = await call('/count', {
      method: 'POST',
      body: 'x'.repeat(100_000),
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    expect([response.status, await response.text()]).toEqual([201, '100000']);
  });

  it.each(['application/json', 'text/plain'])('of another type are refused: %s', async (type) => {
    expect((await call('/count', { method: 'POST', body: '{}', headers: { 'content-type': type } })).status).toBe(415);
  });

  it('that nobody wants are thrown away, and the refusal can be read all the same', async () => {
    const response = await call('/refuse', {
      method: 'POST',
      body: new Uint8Array(8_000_000),
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    expect(await response.json()).toMatchObject({ code: 'payload-too-large', detail: 'No.' });
  });
});

it('what is no HTTP is answered with a problem', async () => {
  const socket = connect(app.port, '127.0.0.1');
  socket.write('nonsense\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toContain('HTTP/1.1 400');
  expect(answer).toContain('invalid-request');
  if (!socket.closed) await once(socket, 'close');
});
