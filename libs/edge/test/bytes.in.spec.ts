import { request as rawRequest } from 'node:http';
import { Readable } from 'node:stream';
import { Controller, Get, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Access } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { routesOf } from '../src/collect-routes.js';
import type { RunningApp } from '@facet/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  Answer,
  JsonBody,
  openApi,
  RequestContext,
  Returns,
  ReturnsStream,
  UploadBody,
  WantedBytes,
  type BytesWanted,
  type Upload,
} from '../src/index.js';
import { startTiny } from './tiny-app.js';

/** What the routes do; a test says. */
const act = {
  take: async (_: Upload, __: RequestContext): Promise<number> => 0,
  give: (_: BytesWanted): Answer<unknown> => new Answer(Readable.from(['bytes'])),
};

@Controller('v1/files')
class FilesController {
  @Post()
  @Access({ scope: 'write:rooms', limit: 'write', budgetMs: 60_000 })
  @Returns(z.object({ bytes: z.int() }), { status: 201 })
  async take(@UploadBody() upload: Upload, @RequestContext() context: RequestContext) {
    return { bytes: await act.take(upload, context) };
  }

  @Get('one')
  @Access({ scope: 'read:rooms', limit: 'browse' })
  @ReturnsStream({ also: [206, 304] })
  give(@WantedBytes() wanted: BytesWanted) {
    return act.give(wanted);
  }

  @Post('words')
  @Access({ scope: 'write:rooms', limit: 'write' })
  @Returns(z.object({}))
  words(@JsonBody(z.object({ text: z.string() })) _: unknown) {
    return {};
  }
}

let app: RunningApp;
beforeAll(async () => void (app = await startTiny({ controllers: [FilesController] })));
afterAll(() => app.stop());
afterEach(() => vi.useRealTimers());

const url = (path: string) => `http://127.0.0.1:${app.port}/v1/files${path}`;
const multipart = { authorization: 'alice', 'content-type': 'multipart/form-data; boundary=x' };
const bytesOf = async (body: Readable) => {
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) bytes += part.length;
  return bytes;
};

/** Somebody who begins to send and goes on when told to. */
function sender(path = '', headers: Record<string, string> = multipart) {
  const client = rawRequest(url(path), { method: 'POST', headers: { 'content-length': '1000', ...headers } });
  const status = new Promise<number | 'cut'>((resolve) => {
    client.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', () => resolve('cut'));
  });
  const gone = new Promise<void>((resolve) => client.on('close', resolve));
  return { client, status, gone };
}

describe('an upload', () => {
  it('of many megabytes goes through as it comes', async () => {
    act.take = ({ body }) => bytesOf(body);
    const piece = Buffer.alloc(65_536);
    const body = Readable.from(Array.from({ length: 128 }, () => piece));
    const response = await fetch(url(''), {
      method: 'POST',
      headers: multipart,
      body: Readable.toWeb(body),
      duplex: 'half',
    } as RequestInit);
    expect([response.status, await response.json()]).toEqual([201, { bytes: 128 * 65_536 }]);
  });

  it('reaches its handler before it has been sent, with its type and length', async () => {
    const begun = Promise.withResolvers<Upload>();
    act.take = ({ body, headers }) => {
      begun.resolve({ body, headers });
      return bytesOf(body);
    };
    const { client, status } = sender();
    client.write('x');
    expect((await begun.promise).headers).toEqual({ 'content-type': multipart['content-type'], 'content-length': '1000' });
    client.end('x'.repeat(999));
    expect(await status).toBe(201);
  });

  it('that its client breaks off ends with an error, and the request with it', async () => {
    const ended = Promise.withResolvers<unknown>();
    act.take = async ({ body }, { ending }) => {
      await bytesOf(body).catch(() => undefined);
      ended.resolve(await vi.waitUntil(() => ending.ended && ending.reason));
      return 0;
    };
    const { client } = sender();
    client.write('x', () => client.destroy());
    expect(await ended.promise).toMatchObject({ code: 'client-closed-request' });
  });

  it('that is refused while it is being sent is answered at once, and what still comes is not waited for', async () => {
    act.take = async ({ body }) => {
      body.once('data', () => body.pause());
      throw new ProblemError('payload-too-large');
    };
    const { client, status, gone } = sender();
    client.write('x');
    expect(await status).toBe(413);
    await gone;
  });

  it.each([
    [401, { ...multipart, authorization: '' }],
    [403, { ...multipart, 'x-scopes': 'read:rooms' }],
    [415, { ...multipart, 'content-type': 'application/json' }],
    [415, { ...multipart, 'content-type': 'text/plain' }],
  ])('that nobody may send is a %i before anything of it is read', async (status, headers) => {
    act.take = () => Promise.reject(new Error('Nobody calls this'));
    const response = await fetch(url(''), { method: 'POST', headers, body: '{}' });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
  });

  it('without a body is a 415', async () => {
    expect((await fetch(url(''), { method: 'POST', headers: { authorization: 'alice' } })).status).toBe(415);
  });

  it('is taken by no other route', async () => {
    expect((await fetch(url('/words'), { method: 'POST', headers: multipart, body: 'x' })).status).toBe(415);
  });

  it('is documented as files', () => {
    const { paths } = openApi(routesOf(app.app), { title: 'Tiny', version: '1' });
    const { post } = (paths as Record<string, Record<string, { requestBody: { content: object }; responses: object }>>)['/v1/files']!;
    expect(Object.keys(post!.requestBody.content)).toEqual(['multipart/form-data']);
    expect(Object.keys(post!.responses)).toEqual(expect.arrayContaining(['201', '413', '415', '422']));
  });
});

describe('a body that is gathered', () => {
  it('has fifteen seconds to come, a slow one is refused and cut off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client, status, gone } = sender('/words', { authorization: 'alice', 'content-type': 'application/json' });
    const arrived = new Promise((resolve) => (app.app as NestFastifyApplication).getHttpServer().once('request', resolve));
    client.write('{');
    await arrived;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await status).toBe(400);
    await vi.advanceTimersByTimeAsync(2_000);
    await gone;
  });
});

describe('bytes that are passed on', () => {
  it('have the status and headers of their answer, and are asked for anew each time', async () => {
    const headers = { 'content-type': 'image/png', 'content-range': 'bytes 1-2/9', 'content-length': '2' };
    act.give = () => new Answer(Readable.from(['yt']), { status: 206, headers });
    const response = await fetch(url('/one'), { headers: { authorization: 'alice' } });
    expect([response.status, await response.text()]).toEqual([206, 'yt']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...headers,
      'cache-control': 'private, no-cache',
      vary: 'authorization',
      'x-content-type-options': 'nosniff',
    });
  });

  it('are told what the client wants, and nothing else of it', async () => {
    const wanted: BytesWanted[] = [];
    act.give = (what) => {
      wanted.push(what);
      return new Answer(Readable.from([]), { status: 304, headers: { etag: '"a"' } });
    };
    const asked = { range: 'bytes=0-1', 'if-range': '"a"', 'if-none-match': '"a"' };
    const response = await fetch(url('/one'), { headers: { authorization: 'alice', cookie: 'c', ...asked } });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, '"a"', '']);
    expect(wanted).toEqual([{ method: 'GET', headers: { ...asked, 'if-modified-since': undefined } }]);
  });

  it('have a head without them', async () => {
    act.give = ({ method }) =>
      new Answer(Readable.from([]), { headers: { 'content-length': '1234', 'content-type': 'image/png', 'x-method': method } });
    const response = await fetch(url('/one'), { method: 'HEAD', headers: { authorization: 'alice' } });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'content-length': '1234', 'x-method': 'HEAD' });
  });

  it('are cut off where they break off', async () => {
    act.give = () =>
      new Answer(
        Readable.from(
          (async function* () {
            yield 'half';
            throw new Error('It broke');
          })(),
        ),
      );
    const response = await fetch(url('/one'), { headers: { authorization: 'alice' } });
    await expect(response.text()).rejects.toThrow();
  });

  it('are read no further once the client hangs up', async () => {
    const body = new Readable({ read: () => undefined });
    body.push('first');
    act.give = () => new Answer(body);
    const response = await fetch(url('/one'), { headers: { authorization: 'alice' } });
    await response.body!.cancel();
    await vi.waitUntil(() => body.destroyed);
  });

  it('are a stream: anything else is our fault', async () => {
    act.give = () => new Answer('text');
    expect((await fetch(url('/one'), { headers: { authorization: 'alice' } })).status).toBe(500);
  });
});
