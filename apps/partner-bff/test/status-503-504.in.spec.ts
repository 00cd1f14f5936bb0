import { ProblemError } from '@facet/errors';
import { describe, expect, it, vi } from 'vitest';
import { routes } from './routes.fixtures.js';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('503 with Retry-After, never half an answer', () => {
  it.each(routes)('$route without $needs', async ({ method, path, body, needs }) => {
    partner.fakes[needs].trouble = () => new ProblemError('dependency-unavailable');
    const reply = await partner.call(method, path, { body });

    expect(reply).toMatchObject({ status: 503, body: { code: 'dependency-unavailable' } });
    expect(reply.headers.get('retry-after')).not.toBeNull();
    expect(reply.headers.get('facet-degraded')).toBeNull();
  });

  it('while rooms-service is dead, and no longer once it is back', async () => {
    await partner.fakes.rooms.stop();
    const { status } = await partner.call('GET', general);
    await partner.fakes.rooms.restart();

    expect(status).toBe(503);
    await vi.waitFor(async () => expect((await partner.call('GET', general)).status).toBe(200), { timeout: 10_000, interval: 100 });
  });
});

describe('504 within the time that the client has', () => {
  it.each(routes)('$route when $needs is slow', async ({ method, path, body, needs }) => {
    partner.fakes[needs].trouble = () => 4_000;
    const reply = await partner.call(method, path, { body, headers: { 'request-timeout-ms': '150' } });
    expect(reply).toMatchObject({ status: 504, body: { code: 'deadline-exceeded' } });
  });
});
