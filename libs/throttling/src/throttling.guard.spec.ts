import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { Access, Public } from '@facet/auth';
import { ProblemError } from '@facet/errors';
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
  mutation?: boolean;
}

async function start(options: ThrottlingOptions) {
  const module = await Test.createTestingModule({ imports: [ThrottlingModule.forRoot(options)], providers: [ThrottlingGuard] }).compile();
  await module.init();
  const guard = module.get(ThrottlingGuard);
  return async (route: keyof Routes, { ip = '192.0.2.1', subject, mutation }: Asked = {}) => {
    const headers: Record<string, string> = {};
    const request = { ip, mutation, ...(subject ? { caller: { subject } } : {}) };
    const reply = { header: (name: string, value: string) => (headers[name] = value) };
    const refused = await guard.canActivate(new ExecutionContextHost([request, reply], Routes, routes[route])).then(
      () => undefined,
      (error: unknown) => error as ProblemError,
    );
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
