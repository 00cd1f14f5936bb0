import { Controller, Get, Post } from '@nestjs/common';
import { Access } from '@facet/auth';
import { DownstreamError } from '@facet/errors';
import type { RunningApp } from '@facet/service-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Answer, RequestContext, Returns, ReturnsRaw } from '../src/index.js';
import { startTiny, type TinyOptions } from './tiny-app.js';

/** What the route answers next, and what it notes about it. */
const next: { text: string; note: (context: RequestContext) => void; headers: Record<string, string>; status?: number } = {
  text: 'a',
  note: () => undefined,
  headers: {},
};
const Text = z.object({ text: z.string() });

@Controller('v1/texts')
@Access({ scope: 'read:rooms', limit: 'browse' })
class TextsController {
  @Get()
  @Returns(Text, { also: [203] })
  get(@RequestContext() context: RequestContext) {
    next.note(context);
    return new Answer({ text: next.text }, { headers: next.headers, status: next.status });
  }

  @Post()
  @Returns(Text)
  post() {
    return { text: next.text };
  }

  @Get('raw')
  @ReturnsRaw('text/plain', { summary: 'As it is' })
  raw() {
    return new Answer(next.text, { headers: next.headers });
  }
}

let app: RunningApp | undefined;
const start = async (options: TinyOptions = {}) => void (app = await startTiny({ controllers: [TextsController], ...options }));
afterEach(async () => {
  await app?.stop();
  app = undefined;
  Object.assign(next, { text: 'a', note: () => undefined, headers: {}, status: undefined });
});

async function call(method: string, path = '', headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${app!.port}/v1/texts${path}`, {
    method,
    headers: { authorization: 'alice', ...headers },
  });
  const shown = [
    'etag',
    'cache-control',
    'vary',
    'content-type',
    'content-length',
    'server-timing',
    'facet-degraded',
    'retry-after',
  ] as const;
  const seen = Object.fromEntries(shown.map((name) => [name, response.headers.get(name)])) as Record<(typeof shown)[number], string | null>;
  return { status: response.status, text: await response.text(), ...seen };
}

describe('a whole JSON answer to GET', () => {
  it('has a strong ETag of its very bytes, is its caller’s alone, and is asked for again each time', async () => {
    await start();
    const first = await call('GET');
    expect(first).toMatchObject({ status: 200, 'cache-control': 'private, no-cache', vary: 'authorization' });
    expect(first.etag).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    expect((await call('GET')).etag).toBe(first.etag);
    next.text = 'b';
    expect((await call('GET')).etag).not.toBe(first.etag);
  });

  it.each([
    ['its ETag', (etag: string) => etag],
    ['its ETag among others, as a weak one', (etag: string) => `"x", W/${etag}`],
    ['whatever there is', () => '*'],
  ])('is 304 without a body for who has %s, with the headers that keep it', async (_, header) => {
    await start();
    const { etag } = await call('GET');
    const again = await call('GET', '', { 'if-none-match': header(etag!) });
    expect(again).toMatchObject({ status: 304, text: '', etag, 'cache-control': 'private, no-cache', vary: 'authorization' });
    expect([again['content-type'], again['content-length']]).toEqual([null, null]);
  });

  it('is whole again once it changed', async () => {
    await start();
    const { etag } = await call('GET');
    next.text = 'b';
    const again = await call('GET', '', { 'if-none-match': etag! });
    expect(again).toMatchObject({ status: 200, text: '{"text":"b"}' });
    expect(again.etag).not.toBe(etag);
  });

  it('is the same for HEAD, without its body', async () => {
    await start();
    const { etag } = await call('GET');
    expect(await call('HEAD')).toMatchObject({ status: 200, text: '', etag, 'content-length': '12' });
    expect(await call('HEAD', '', { 'if-none-match': etag! })).toMatchObject({ status: 304, etag });
  });

  it('may be kept as its weakest part', async () => {
    await start();
    next.note = ({ notes }) => notes.keepBy({ shared: false, maxAgeSeconds: 30 });
    expect((await call('GET'))['cache-control']).toBe('private, max-age=30');
    next.note = ({ notes }) => notes.keepBy({ shared: true, maxAgeSeconds: 60 });
    expect(await call('GET')).toMatchObject({ 'cache-control': 'public, max-age=60', vary: 'authorization' });
  });

  it('keeps what its Answer says of it', async () => {
    await start();
    next.headers = { 'cache-control': 'no-store' };
    expect((await call('GET'))['cache-control']).toBe('no-store');
  });
});

describe('what nobody may keep', () => {
  it('is a degraded answer, whatever its parts say, and whoever has the same bytes', async () => {
    await start();
    const { etag } = await call('GET');
    next.headers = { 'cache-control': 'public, max-age=60', etag: '"mine"' };
    next.note = (context) => {
      context.notes.keepBy({ shared: true, maxAgeSeconds: 60 });
      context.degrade({ dependency: 'presence', reason: 'shed' });
    };
    const degraded = await call('GET', '', { 'if-none-match': etag! });
    expect(degraded).toMatchObject({ status: 200, etag: null, 'cache-control': 'no-store', 'facet-degraded': 'presence;reason=shed' });
  });

  it('is a problem, which says when to try again where that helps', async () => {
    await start();
    next.note = () => {
      throw new DownstreamError('rooms', 'open', { retryAfterSeconds: 7 });
    };
    expect(await call('GET')).toMatchObject({ status: 503, etag: null, 'cache-control': 'no-store', 'retry-after': '7' });
    next.note = () => {
      throw new DownstreamError('rooms', 'timeout');
    };
    expect(await call('GET', '', { 'if-none-match': '*' })).toMatchObject({ status: 504, etag: null, 'retry-after': '1' });
  });

  it('is no other status, no other method, and nothing raw that does not say so itself', async () => {
    await start();
    expect(await call('POST', '', { 'if-none-match': '*' })).toMatchObject({ status: 200, etag: null, 'cache-control': null });
    next.headers = { 'cache-control': 'public, max-age=9', etag: '"mine"' };
    expect(await call('GET', '/raw')).toMatchObject({ status: 200, etag: '"mine"', 'cache-control': 'public, max-age=9', vary: null });
    Object.assign(next, { headers: {}, status: 203 });
    expect(await call('GET', '', { 'if-none-match': '*' })).toMatchObject({ status: 203, etag: null });
  });
});

it('an answer that names its content type has that one', async () => {
  await start();
  expect(await call('GET', '/raw')).toMatchObject({ 'content-type': 'text/plain' });
  next.headers = { 'content-type': 'text/csv' };
  expect(await call('GET', '/raw')).toMatchObject({ 'content-type': 'text/csv' });
});

describe('how long parts took', () => {
  const note = ({ notes }: RequestContext) => {
    notes.time('rooms', 12.34);
    notes.time('no token', 1);
  };

  it('is shown to everybody in development, of problems as well', async () => {
    await start();
    next.note = note;
    expect((await call('GET'))['server-timing']).toMatch(/^rooms;dur=12\.3, total;dur=\d+\.\d$/);
    expect((await call('GET', '', { 'if-none-match': '*' }))['server-timing']).toContain('rooms');
    next.note = (context) => {
      note(context);
      throw new DownstreamError('rooms', 'timeout');
    };
    expect(await call('GET')).toMatchObject({ status: 504, 'server-timing': expect.stringContaining('rooms;dur=12.3') });
  });

  it('is shown to clients of our own in production, and to no other', async () => {
    next.note = note;
    await start({ production: true, internalClients: ['mobile-app'] });
    expect((await call('GET'))['server-timing']).toContain('rooms;dur=12.3');
    await app?.stop();
    await start({ production: true, internalClients: ['admin-app'] });
    expect((await call('GET'))['server-timing']).toBeNull();
    await app?.stop();
    await start({ production: true });
    expect((await call('GET'))['server-timing']).toBeNull();
  });
});
