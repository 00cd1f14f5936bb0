import { ProblemError } from '@facet/errors';
import { idOf, type HttpFakeRequest } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWebApp } from './web-app.fixtures.js';

let web: Awaited<ReturnType<typeof startWebApp>>;
beforeAll(async () => void (web = await startWebApp()));
beforeEach(() => web.reset());
afterAll(() => web.stop());

const attachment = `/v1/attachments/${idOf(900)}`;
const routes = [
  ['POST', '/v1/attachments', 'write:messages'],
  ['GET', `${attachment}/content`, 'read:messages'],
  ['GET', `${attachment}/thumbnails/640`, 'read:messages'],
] as const;

interface Sent {
  readonly credential?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

async function call(method: string, path: string, { credential, headers }: Sent = {}) {
  const who = credential ?? (await web.credential());
  const form = new FormData();
  form.append('file', new Blob(['bytes']), 'beach.png');
  const response = await fetch(new URL(path, web.url), {
    method,
    headers: { ...who, ...headers },
    body: method === 'POST' ? form : null,
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

describe('every route of files', () => {
  it.each(routes)('%s %s: 401 without a session, 403 without its scope, and no service is asked', async (method, path) => {
    expect(await call(method, path, { credential: {} })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await call(method, path, { credential: await web.credential('alice', 'read:users') })).toMatchObject({
      status: 403,
      body: { code: 'insufficient-scope' },
    });
    expect(web.services.media.calls).toEqual({});
  });

  it.each(routes)('%s %s: needs no other scope than its own', async (method, path, scope) => {
    expect((await call(method, path, { credential: await web.credential('alice', scope) })).status).toBeLessThan(300);
  });

  it.each(routes)('%s %s: 503 with Retry-After when media is away', async (method, path) => {
    web.services.media.trouble = () => new ProblemError('dependency-unavailable');
    const { status, headers, body } = await call(method, path);
    expect([status, body.code]).toEqual([503, 'dependency-unavailable']);
    expect(headers.get('retry-after')).not.toBeNull();
  });

  it.each(routes)('%s %s: 504 within its budget when media is slow', async (method, path) => {
    web.services.media.trouble = () => 4_000;
    const { status, body } = await call(method, path, { headers: { 'request-timeout-ms': '150' } });
    expect([status, body.code]).toEqual([504, 'deadline-exceeded']);
  });

  it('counts uploads as writing, reading as reading', async () => {
    const limited = await startWebApp({ limits: { browse: 1, write: 1 } });
    try {
      const path = (route: string) => new URL(route, limited.url);
      const headers = await limited.credential();
      const upload = () => fetch(path('/v1/attachments'), { method: 'POST', headers, body: new FormData() });
      const read = () => fetch(path(`${attachment}/content`), { headers });
      expect([(await upload()).status, (await upload()).status]).toEqual([201, 429]);
      expect([(await read()).status, (await read()).status]).toEqual([200, 429]);
    } finally {
      await limited.stop();
    }
  });
});

describe('files', () => {
  it('are uploaded and shown with all their sizes', async () => {
    const { status, body } = await call('POST', '/v1/attachments');
    expect(status).toBe(201);
    expect(body).toEqual({
      attachments: [
        {
          id: idOf(900),
          name: 'beach.png',
          type: 'image/png',
          size: 1_234,
          width: 1_024,
          height: 768,
          url: `${attachment}/content`,
          thumbnails: [160, 320, 640].map((width) => ({ width, url: `${attachment}/thumbnails/${width}` })),
        },
      ],
    });
  });

  it('are passed on in ranges', async () => {
    const asked: HttpFakeRequest[] = [];
    web.services.media.handlers = {
      'GET /v1/attachments/{id}/content': (request) => {
        asked.push(request);
        return { status: 206, headers: { 'content-type': 'image/png', 'content-range': 'bytes 0-1/5' }, body: 'by' };
      },
    };
    const { status, body, headers } = await call('GET', `${attachment}/content`, { headers: { range: 'bytes=0-1' } });
    expect([status, body, headers.get('content-range'), headers.get('vary')]).toEqual([206, 'by', 'bytes 0-1/5', 'cookie']);
    expect(asked[0]!.headers.range).toBe('bytes=0-1');
  });

  it.each(['/v1/attachments/1/content', `${attachment}/thumbnails/x`, `${attachment}/thumbnails/123456`])('are not at %s', async (path) => {
    expect((await call('GET', path)).status).toBe(400);
  });
});
