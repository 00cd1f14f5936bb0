import { idOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('429 with Retry-After', () => {
  it.each([
    ['601st read', 601, 'GET', undefined],
    ['301st write', 301, 'PATCH', { topic: 'x' }],
  ])('the %s of a caller in a minute, and of nobody else', async (_, count, method, body) => {
    const token = await partner.issuer.issue({ user: { subject: idOf(count) }, client: 'demo-partner' });
    const answers = await Promise.all(Array.from({ length: count }, () => partner.call(method, general, { token, body })));
    const refused = answers.filter(({ status }) => status === 429);

    expect(refused).toHaveLength(1);
    expect(refused[0]?.body).toMatchObject({ code: 'quota-exceeded', status: 429 });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await partner.call(method, general, { subject: userIds.bob, body })).status).toBe(200);
  });
});
