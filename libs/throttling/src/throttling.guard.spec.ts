import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Test } from '@nestjs/testing';
import { getStorageToken, type ThrottlerStorage } from '@nestjs/throttler';
import { describe, expect, it } from 'vitest';
import { Access, Public } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { FixedWindows } from './fixed-windows.js';
import { ThrottlingGuard } from './throttling.guard.js';
import { ThrottlingModule, type ThrottlingOptions } from './throttling.module.js';

class Routes {
  @Access({ scope: 'read:rooms', limit: 'browse' }) read() {}
  @Access({ scope: 'read:rooms', limit: 'browse' }) readMore() {}
  @Access({ scope: 'write:rooms', limit: 'write' }) write() {}
  @Public() health() {}
}
const routes = new Routes();

interface Asked {
  ip?: string;
  subject?: string;
  caller?: { subject: string };
  mutation?: boolean;
}

async function start(options: ThrottlingOptions, storage?: ThrottlerStorage) {
  const testing = Test.createTestingModule({ imports: [ThrottlingModule.forRoot(options)], providers: [ThrottlingGuard] });
  const module = await (storage ? testing.overrideProvider(getStorageToken()).useValue(storage) : testing).compile();
  await module.init();
  const guard = module.get(ThrottlingGuard);
  return async (route: keyof Routes, { ip = '192.0.2.1', subject, caller, mutation }: Asked = {}) => {
    const headers: Record<string, string> = {};
    const request = { ip, mutation, ...(subject ? { caller: { subject } } : caller && { caller }) };
    const reply = { header: (name: string, value: string) => (headers[name] = value) };
    const context = new ExecutionContextHost([request, reply], Routes, routes[route]);
    const admitted = (async () => guard.canActivate(context))();
    const refused = await admitted.then(
      () => undefined,
      (error: unknown) => error as ProblemError,
    );
    if (!refused) expect(await admitted).toBe(true);
    return { refused: refused?.code, retryAfterSeconds: refused?.retryAfterSeconds, headers };
  };
}

describe('ThrottlingGuard', () => {
  it('counts a caller over all routes of a limit, and refuses with the time to wait', async () => {
    const ask = await start({ limits: { browse: 2 } });
    expect((await ask('read', { subject: 'alice' })).headers).toEqual({
      'ratelimit-policy': '"browse";q=2;w=60',
      ratelimit: '"browse";r=1;t=60',
    });
    await ask('readMore', { subject: 'alice' });
    expect(await ask('read', { subject: 'alice' })).toMatchObject({
      refused: 'quota-exceeded',
      retryAfterSeconds: 60,
      headers: { ratelimit: '"browse";r=0;t=60' },
    });
    expect((await ask('write', { subject: 'alice' })).refused).toBeUndefined();
    expect((await ask('read', { subject: 'bob' })).refused).toBeUndefined();
  });
  it('allows 600 reads and 300 writes a minute unless told otherwise', async () => {
    const ask = await start({});
    expect((await ask('read')).headers.ratelimit).toBe('"browse";r=599;t=60');
    expect((await ask('write')).headers.ratelimit).toBe('"write";r=299;t=60');
  });
  it('counts the unknown by address, an IPv6 one by its network, and never as a subject of that name', async () => {
    const ask = await start({ limits: { browse: 1 } });
    expect((await ask('read', { ip: '2001:db8::1' })).refused).toBeUndefined();
    expect((await ask('read', { ip: '2001:db8::2' })).refused).toBe('quota-exceeded');
    expect((await ask('read', { ip: '2001:db8:0:1::1' })).refused).toBeUndefined();
    expect((await ask('read', { subject: '2001:db8::1' })).refused).toBeUndefined();
  });
  it('counts one subject once over all its tokens, and a caller by who it is now', async () => {
    const ask = await start({ limits: { browse: 2 } });
    const [phone, laptop] = [{ subject: 'alice' }, { subject: 'alice' }];
    const left = async (caller: { subject: string }) => (await ask('read', { caller })).headers.ratelimit;
    expect([await left(phone), await left(laptop), await left(phone)]).toEqual([
      '"browse";r=1;t=60',
      '"browse";r=0;t=60',
      '"browse";r=0;t=60',
    ]);
    phone.subject = 'bob';
    expect(await left(phone)).toBe('"browse";r=1;t=60');
  });
  it('counts exactly what comes at once', async () => {
    const ask = await start({ limits: { browse: 5 } });
    const caller = { subject: 'alice' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('read', { caller })));
    expect(answers.filter(({ refused }) => !refused)).toHaveLength(5);
  });
  it('waits for a storage that counts elsewhere, by the same keys, headers and refusals', async () => {
    const windows = new FixedWindows();
    const asked: unknown[][] = [];
    const storage: ThrottlerStorage = {
      increment: (...given) => (asked.push(given), windows.increment(given[0], given[1], given[2])),
    };
    const ask = await start({ limits: { browse: 1 } }, storage);
    expect(await ask('read', { subject: 'alice' })).toMatchObject({ refused: undefined, headers: { ratelimit: '"browse";r=0;t=60' } });
    expect(await ask('read', { subject: 'alice' })).toMatchObject({ refused: 'quota-exceeded', retryAfterSeconds: 60 });
    expect(asked[0]).toEqual(['browse:subject:alice', 60_000, 1, 60_000, 'browse']);
  });
  it('does not count public routes', async () => {
    const ask = await start({ limits: { browse: 1, write: 1 } });
    for (let i = 0; i < 3; i += 1) expect(await ask('health')).toMatchObject({ refused: undefined, headers: {} });
  });
  it('lets an application tell writes from reads within a route', async () => {
    const ask = await start({
      limits: { browse: 5, write: 1 },
      limitOf: (request, declared) => ((request as Asked).mutation ? 'write' : declared),
    });
    await ask('read', { mutation: true });
    expect((await ask('read', { mutation: true })).refused).toBe('quota-exceeded');
    expect((await ask('read')).refused).toBeUndefined();
  });
});
