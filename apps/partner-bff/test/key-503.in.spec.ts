import { newPartnerKey } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { idOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('while identity-provider is away', () => {
  const troubles = [
    ['unavailable', () => new ProblemError('dependency-unavailable')],
    ['slow', () => 2_000],
    ['broken', () => 'garbage' as const],
    ['failing', () => new ProblemError('internal-error')],
    ['of another mind about us', () => new ProblemError('unauthenticated')],
  ] as const;

  it.each(troubles)('a key that was not asked about is 503 with Retry-After, never 401, while it is %s', async (_, trouble) => {
    partner.fakes.identity.trouble = trouble;
    for (const token of [partner.keys.add(), newPartnerKey('test')]) {
      const { status, body, headers } = await partner.call('GET', general, { token });
      expect([status, body.code]).toEqual([503, 'dependency-unavailable']);
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(partner.fakes.rooms.calls).toEqual({});
  });

  it.each(troubles)('a key that is remembered serves on while it is %s', async (name, trouble) => {
    const token = partner.keys.add({ id: idOf(710 + troubles.findIndex(([each]) => each === name)) });
    expect((await partner.call('GET', general, { token })).status).toBe(200);
    partner.fakes.identity.trouble = trouble;
    expect((await partner.call('GET', general, { token })).status).toBe(200);
  });

  it('nobody listens: remembered keys serve, others are 503, and tokens are as good as ever', async () => {
    const known = partner.keys.add({ id: idOf(720) });
    expect((await partner.call('GET', general, { token: known })).status).toBe(200);
    await partner.fakes.identity.stop();
    expect((await partner.call('GET', general, { token: known })).status).toBe(200);
    expect((await partner.call('GET', general, { token: partner.keys.add() })).status).toBe(503);
    expect((await partner.call('GET', general)).status).toBe(200);
    await partner.fakes.identity.restart();
  });
});
