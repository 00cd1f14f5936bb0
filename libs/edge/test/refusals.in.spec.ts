import { request as rawRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problems } from '@facet/errors';
import type { RunningApp } from '@facet/service-kit';
import { startTiny } from './tiny-app.js';

let app: RunningApp;
beforeAll(async () => {
  app = await startTiny();
});
afterAll(() => app.stop());

const id = '0197a1b2-0000-7000-8000-000000000001';
const json = { 'content-type': 'application/json' };

interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: keyof typeof problems;
  requestId: string;
  errors?: { pointer: string; detail: string }[];
}

async function call(method: string, path: string, init: { headers?: Record<string, string>; body?: string | Uint8Array } = {}) {
  const body = init.body === undefined ? null : Buffer.from(init.body);
  const response = await fetch(`http://127.0.0.1:${app.port}${path}`, {
    method,
    headers: { authorization: 'alice', ...init.headers },
    body,
  });
  return response;
}

async function refused(method: string, path: string, init: Parameters<typeof call>[2] = {}): Promise<Problem & { headers: Headers }> {
  const response = await call(method, path, init);
  const text = await response.text();
  expect(response.headers.get('content-type'), text).toBe('application/problem+json; charset=utf-8');
  const problem = JSON.parse(text) as Problem;
  expect(problem.status).toBe(response.status);
  expect(problem.type).toBe(`/errors/${problem.code}`);
  expect(problem.title).toBe(problems[problem.code].title);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(text).not.toMatch(/node_modules|\.ts:|at .*\(/);
  return { ...problem, headers: response.headers };
}

const post = (body: string | Uint8Array, headers: Record<string, string> = json) => refused('POST', '/v1/things', { headers, body });

describe('a body that is wrong', () => {
  it('that is broken JSON is a 400 that says where', async () => {
    expect(await post('{\n  "text": "a",\n  oops }')).toMatchObject({
      status: 400,
      code: 'invalid-request',
      detail: expect.stringContaining('line 3, column 3'),
    });
    expect(await post('{"text": ')).toMatchObject({ status: 400, detail: expect.stringContaining('line 1, column 10') });
  });
  it('that is missing is a 400', async () => {
    expect(await post('')).toMatchObject({ status: 400, detail: 'The request needs a JSON body.' });
  });
  it('that is not UTF-8 is a 400', async () => {
    expect(await post(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toMatchObject({ status: 400, detail: 'The body is not UTF-8.' });
  });
  it('of 2 MiB is a 413', async () => {
    expect(await post(`{"text":"${'a'.repeat(2 * 1024 * 1024)}"}`)).toMatchObject({ status: 413, code: 'payload-too-large' });
  });
  it('of another content type is a 415', async () => {
    expect(await post('text=a', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
    });
    expect(await post('hello', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  });
  it('with an unknown field, at the top or deep inside, is a 422 that names it', async () => {
    expect(await post('{"text":"a","admin":true}')).toMatchObject({
      status: 422,
      errors: [{ pointer: '/admin', detail: 'is not known here' }],
    });
    expect(await post('{"text":"a","nested":{"deep":"b","x/y":1}}')).toMatchObject({ status: 422, errors: [{ pointer: '/nested/x~1y' }] });
  });
  it('without a required field is a 422 that says so', async () => {
    expect(await post('{}')).toMatchObject({
      status: 422,
      code: 'validation-failed',
      errors: [{ pointer: '/text', detail: 'is required' }],
    });
  });
  it('with 5,000 characters is a 422, with 4,000 emoji it is not', async () => {
    expect(await post(JSON.stringify({ text: 'a'.repeat(5000) }))).toMatchObject({
      status: 422,
      errors: [{ pointer: '/text', detail: 'must have 1 to 4000 characters' }],
    });
    expect((await call('POST', '/v1/things', { headers: json, body: JSON.stringify({ text: '😀'.repeat(4000) }) })).status).toBe(201);
  });
  it.each([
    ['NUL', '{"text":"a\\u0000b"}', '/text'],
    ['a lone high surrogate', '{"text":"a\\ud800"}', '/text'],
    ['a lone low surrogate', '{"text":"\\udc00a"}', '/text'],
    ['NUL deep inside', '{"text":"a","nested":{"deep":"\\u0000"}}', '/nested/deep'],
    ['a prototype', '{"text":"a","__proto__":{"admin":true}}', '/__proto__'],
    ['a constructor', '{"text":"a","constructor":{"prototype":{}}}', '/constructor'],
  ])('with %s is a 422 with its pointer', async (_, body, pointer) => {
    expect(await post(body)).toMatchObject({ status: 422, code: 'validation-failed', errors: [{ pointer }] });
  });
  it('with NUL or a lone surrogate in a key is a 422', async () => {
    expect(await post('{"text":"a","k\\u0000":1}')).toMatchObject({ status: 422, errors: [{ pointer: '/k\0' }] });
    expect(await post('{"text":"a","k\\ud800":1}')).toMatchObject({ status: 422 });
  });
  it('that nests 100,000 deep is a 4xx', async () => {
    expect((await post(`{"text":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).status).toBe(422);
    expect((await post(`{"text":"\\u0041","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).status).toBe(422);
  });
});

describe('a path or query that is wrong', () => {
  it('with a bad UUID is a 400 that names the parameter', async () => {
    expect(await refused('GET', '/v1/things/not-a-uuid')).toMatchObject({
      status: 400,
      errors: [{ pointer: 'thingId', detail: 'must be a UUID' }],
    });
  });
  it.each(['limit=-1', 'limit=0', 'limit=101', 'limit=1.5', 'limit=', 'limit=1e2', 'limit=٣'])('with %s is a 400', async (query) => {
    expect(await refused('GET', `/v1/things?${query}`)).toMatchObject({
      status: 400,
      code: 'invalid-request',
      errors: [{ pointer: 'limit' }],
    });
  });
  it('with an unknown or a repeated parameter is a 400', async () => {
    expect(await refused('GET', '/v1/things?nope=1')).toMatchObject({ status: 400, errors: [{ pointer: 'nope' }] });
    expect(await refused('GET', '/v1/things?limit=1&limit=2')).toMatchObject({
      status: 400,
      errors: [{ pointer: 'limit', detail: 'must be given once' }],
    });
    expect((await call('GET', '/v1/things?tag=1&tag=2')).status).toBe(200);
  });
  it.each(['forged', 'AAAA', '%00', 'x'.repeat(3000)])('with a forged cursor is a 400: %s', async (cursor) => {
    expect(await refused('GET', `/v1/things?cursor=${cursor}`)).toMatchObject({ status: 400, code: 'invalid-request' });
  });
  it.each(['/v1/things/%ff', '/v1/things/%', '/v1/things?cursor=%ff', '/v1/things?cursor=%ED%A0%80', '/v1/things/%00', '/v1/%zz'])(
    'that cannot be decoded is a 400: %s',
    async (path) => {
      expect(await rawGet(path)).toMatchObject({ status: 400, code: 'invalid-request' });
    },
  );
  it('with a part of 5,000 characters is a 4xx', async () => {
    expect((await refused('GET', `/v1/things/${'a'.repeat(5000)}`)).status).toBe(400);
  });
  it('that is not known is a 404, also where a route only begins like it', async () => {
    expect(await refused('GET', '/nowhere')).toMatchObject({ status: 404, code: 'not-found' });
    expect(await refused('GET', `/v1/things/${id}/more`)).toMatchObject({ status: 404 });
    expect(await refused('GET', '/V1/THINGS')).toMatchObject({ status: 404 });
  });
  it('a wait that is no number is a 400', async () => {
    expect(await refused('GET', `/v1/things/${id}`, { headers: { 'request-timeout-ms': 'soon' } })).toMatchObject({ status: 400 });
  });
});

describe('a known path and another method', () => {
  it('is a 405 that says what would do', async () => {
    const { status, code, headers } = await refused('DELETE', '/v1/things');
    expect({ status, code, allow: headers.get('allow') }).toEqual({
      status: 405,
      code: 'method-not-allowed',
      allow: 'GET, HEAD, OPTIONS, POST',
    });
    expect((await refused('POST', `/v1/things/${id}`, { headers: json, body: '{' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
  it('OPTIONS answers 204 with Allow, HEAD answers as GET without a body', async () => {
    const options = await call('OPTIONS', '/v1/things');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
    const head = await call('HEAD', '/v1/things');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10);
  });
});

describe('a caller that may not', () => {
  it('without a credential gets 401 with a challenge, before the body is looked at', async () => {
    const response = await fetch(`http://127.0.0.1:${app.port}/v1/things`, { method: 'POST', headers: json, body: '{' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="facet"']);
  });
  it('without the scope gets 403', async () => {
    expect(await refused('GET', '/v1/things', { headers: { 'x-scopes': 'write:rooms' } })).toMatchObject({
      status: 403,
      code: 'insufficient-scope',
    });
  });
});

describe('what fails on our side', () => {
  it('is a 500 without a word about why', async () => {
    const problem = await refused('GET', '/v1/faults/bug');
    expect(problem).toMatchObject({ status: 500, code: 'internal-error' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
  it('is a 503 with Retry-After where a dependency is away', async () => {
    const problem = await refused('GET', '/v1/faults/dependency');
    expect(problem).toMatchObject({ status: 503, code: 'dependency-unavailable' });
    expect(problem.headers.get('retry-after')).toBe('1');
    expect(problem).not.toHaveProperty('detail');
  });
  it('is a 409 with its words where the state does not allow it', async () => {
    expect(await refused('DELETE', '/v1/faults/conflict')).toMatchObject({ status: 409, detail: 'It is still in use.' });
  });
  it('is a 500 in development where a handler breaks the promise of its schema', async () => {
    expect(await refused('PATCH', '/v1/things/promise')).toMatchObject({ status: 500 });
  });
});

describe('what is not even HTTP', () => {
  it.each([
    ['garbage', 'HELLO\r\n\r\n'],
    ['headers without end', `GET / HTTP/1.1\r\nhost: a\r\n${'x-a: ' + 'b'.repeat(1000) + '\r\n'}`.padEnd(40_000, 'x: y\r\n') + '\r\n'],
  ])('is a 400 problem: %s', async (_, bytes) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/problem\+json/);
  });
});

/** fetch mends some URLs; this sends them as they are. */
function rawGet(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    rawRequest({ port: app.port, host: '127.0.0.1', path, headers: { authorization: 'alice' } }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk))).on('end', () => resolve(JSON.parse(body)));
    })
      .on('error', reject)
      .end();
  });
}

function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(app.port, '127.0.0.1', () => socket.write(bytes));
    socket
      .on('data', (chunk) => (answer += String(chunk)))
      .on('close', () => resolve(answer))
      .on('error', reject);
  });
}
