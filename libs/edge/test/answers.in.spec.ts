import { request as rawRequest } from 'node:http';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger, silentLogger, type LogFields, type Logger } from '@facet/observability';
import type { RunningApp } from '@facet/service-kit';
import { Probe, startTiny, type TinyOptions } from './tiny-app.js';

let app: RunningApp;
let probe: Probe;
beforeEach(() => {
  probe = new Probe();
});
afterEach(() => app.stop());

const id = '0197a1b2-0000-7000-8000-000000000001';

async function start(options: TinyOptions = {}): Promise<void> {
  app = await startTiny({ probe, ...options });
}

function call(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Response> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(`http://127.0.0.1:${app.port}${path}`, {
    method,
    headers: { authorization: 'alice', ...json, ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

describe('an answer', () => {
  it('holds nothing but what its schema promises', async () => {
    await start({ production: true });
    const response = await call('GET', `/v1/things/${id}`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({ id, text: 'x', at: '1970-01-01T00:00:00.000Z', online: null, degraded: ['presence'] });
  });
  it('names in its header what it had to do without, and is not kept', async () => {
    await start();
    const { headers } = await call('GET', `/v1/things/${id}`);
    expect([headers.get('facet-degraded'), headers.get('cache-control')]).toEqual(['presence;reason=timeout', 'no-store']);
  });
  it('has the declared status, or that of its Answer with its headers', async () => {
    await start();
    expect((await call('POST', '/v1/things', {}, { text: 'a' })).status).toBe(201);
    const again = await call('POST', '/v1/things', {}, { text: 'a', size: 's' });
    expect([again.status, again.headers.get('location')]).toEqual([200, '/v1/things/1']);
    const nothing = await call('PUT', `/v1/things/${id}/membership`);
    expect([nothing.status, await nothing.text()]).toEqual([204, '']);
  });
  it('carries security headers and does not say what made it', async () => {
    await start();
    const { headers } = await call('GET', '/v1/things');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.has('x-powered-by')).toBe(false);
  });
  it('leads through a list by cursors that open no other list', async () => {
    await start();
    const { next } = (await (await call('GET', '/v1/things?limit=5')).json()) as { next: string };
    expect(await (await call('GET', `/v1/things?cursor=${next}`)).json()).toMatchObject({ limit: 30, after: '42' });
  });
});

describe('the name of a request', () => {
  it('is answered as the client gave it, beside ours', async () => {
    await start();
    const { headers } = await call('GET', '/v1/things', { 'x-request-id': 'client.id-0001' });
    expect(headers.get('x-request-id')).toBe('client.id-0001');
    expect(headers.get('facet-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
  it.each(['short', 'has spaces in it', 'x'.repeat(65), 'semi;colon-id'])(
    'is ours where the client sent something unfit: %s',
    async (sent) => {
      await start();
      const { headers } = await call('GET', '/v1/things', { 'x-request-id': sent });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.has('facet-request-id')).toBe(false);
    },
  );
  it('is never the client’s in the context that travels to services', async () => {
    await start();
    await call('GET', `/v1/things/${id}`, { 'x-request-id': 'client.id-0001' });
    expect(probe.contexts[0]!.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the time for a request', () => {
  it.each([
    [undefined, 600, 700],
    ['300', 200, 300],
    ['5000', 600, 700],
    ['1', 50, 100],
  ])('is the route’s, or less where the client says %s', async (sent, least, most) => {
    await start();
    const before = Date.now();
    await call('GET', `/v1/things/${id}`, sent ? { 'request-timeout-ms': sent } : {});
    const { deadline } = probe.contexts[0]!;
    expect(deadline - before).toBeGreaterThan(least);
    expect(deadline - Date.now()).toBeLessThanOrEqual(most);
  });
  it('ends when the client hangs up', async () => {
    await start();
    const client = rawRequest({ host: '127.0.0.1', port: app.port, path: '/v1/faults/slow', headers: { authorization: 'alice' } });
    client.on('error', () => undefined).end();
    await expect.poll(() => probe.contexts.length).toBe(1);
    const { signal } = probe.contexts[0]!;
    expect(signal.aborted).toBe(false);
    client.destroy();
    await expect.poll(() => signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ code: 'client-closed-request' });
  });
  it('does not end for a client that got its answer', async () => {
    await start();
    await (await call('GET', `/v1/things/${id}`, { connection: 'close' })).text();
    await (await call('GET', '/health/live')).text();
    expect(probe.contexts[0]!.signal.aborted).toBe(false);
  });
});

describe('a limit', () => {
  it('is said on every limited answer and enforced with 429 and Retry-After', async () => {
    await start({ limits: { browse: 2 } });
    const first = await call('GET', '/v1/things');
    expect([first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual(['"browse";q=2;w=60', '"browse";r=1;t=60']);
    await call('GET', `/v1/things/${id}`);
    const third = await call('GET', '/v1/things');
    expect(third.status).toBe(429);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThanOrEqual(59);
    expect(await third.json()).toMatchObject({ code: 'quota-exceeded', 'violated-policies': ['browse'] });
  });
  it('counts each caller, and each limit, apart; the unknown by address, before they are refused', async () => {
    await start({ limits: { browse: 1 } });
    expect((await call('GET', '/v1/things')).status).toBe(200);
    expect((await call('GET', '/v1/things', { authorization: 'bob' })).status).toBe(200);
    expect((await call('POST', '/v1/things', {}, { text: 'a' })).status).toBe(201);
    expect((await call('GET', '/v1/things', { authorization: '' })).status).toBe(401);
    expect((await call('GET', '/v1/things', { authorization: '' })).status).toBe(429);
  });
  it('does not count health', async () => {
    await start({ limits: { browse: 1 } });
    for (let i = 0; i < 5; i++) expect((await call('GET', '/health/live', { authorization: '' })).status).toBe(200);
  });
});

describe('health', () => {
  it('lives, and is ready while its parts are', async () => {
    await start();
    expect(await (await call('GET', '/health/live')).json()).toEqual({ status: 'ok' });
    expect((await call('GET', '/health/ready')).status).toBe(200);
  });
  it('names the parts that are away with 503', async () => {
    await start({ ready: () => Promise.reject(new Error('postgres://secret')) });
    const response = await call('GET', '/health/ready');
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'dependency-unavailable', failing: ['database'] }),
    ]);
    expect((await call('GET', '/health/live')).status).toBe(200);
  });
});

describe('metrics', () => {
  it('are on the management listener alone, by route and not by path', async () => {
    await start();
    await call('GET', `/v1/things/${id}`);
    const text = await (await fetch(`${app.listening.management}/metrics`)).text();
    expect(text).toMatch(
      /http_server_request_duration_seconds_count\{http_request_method="GET",http_route="\/v1\/things\/:thingId",http_response_status_code="200"\} \d+/,
    );
    expect(text).toContain('le="0.005"');
    expect(text).not.toContain(id);
    expect((await call('GET', '/metrics')).status).toBe(404);
  });
});

describe('the access log', () => {
  it('has a line for each request: route, status, who and why; never a path, a header or a body', async () => {
    const lines: LogFields[] = [];
    const destination = new Writable({ write: (line, _, done) => (lines.push(JSON.parse(String(line)) as LogFields), done()) });
    await start({ logger: createLogger({ name: 'tiny', level: 'trace', destination }) });
    await call('GET', `/v1/things/${id}?token=hunter2`, { 'x-request-id': 'client.id-0001' });
    await call('POST', '/v1/things', {}, { text: 'a', password: 'hunter2' });
    const requests = lines.filter(({ status }) => status !== undefined);
    expect(requests).toMatchObject([
      {
        method: 'GET',
        route: '/v1/things/:thingId',
        status: 200,
        subject: 'alice',
        clientRequestId: 'client.id-0001',
        degraded: ['presence'],
      },
      { method: 'POST', route: '/v1/things', status: 422, code: 'validation-failed' },
    ]);
    for (const { requestId, durationMs } of requests) expect([requestId, durationMs]).toEqual([expect.any(String), expect.any(Number)]);
    expect(JSON.stringify(lines)).not.toMatch(/hunter2|0197a1b2/);
  });
  it('tells a defect of ours with its cause, to us alone', async () => {
    const errors: LogFields[] = [];
    const logger: Logger = { ...silentLogger, error: (fields) => void errors.push(fields), writes: () => true };
    await start({ logger });
    await call('PATCH', '/v1/things/promise');
    expect(errors).toMatchObject([{ code: 'internal-error', error: { message: expect.stringContaining('/id: ') as string } }]);
  });
});

describe('a stop', () => {
  it('lets what is in flight finish and accepts nothing new', async () => {
    await start();
    const slow = call('GET', '/v1/faults/slow');
    await expect.poll(() => probe.contexts.length).toBe(1);
    const stopped = app.stop();
    await expect(call('GET', '/health/live')).rejects.toThrow();
    probe.started();
    expect(await (await slow).text()).toBe('late');
    await stopped;
  });
  it('cuts what does not finish in time', async () => {
    await start();
    const slow = call('GET', '/v1/faults/slow').catch((error: unknown) => error);
    await expect.poll(() => probe.contexts.length).toBe(1);
    await app.stop();
    expect(await slow).toBeInstanceOf(Error);
  });
});
