import { startIssuer, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { routes } from './routes.fixtures.js';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('401', () => {
  it.each(routes)('$route without a token reaches no service', async ({ method, path, body }) => {
    const reply = await partner.call(method, path, { body, token: null });

    expect(reply).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(Object.values(partner.fakes).flatMap(({ calls }) => Object.keys(calls))).toEqual([]);
  });

  it.each([
    ['of another BFF', { client: 'mobile-app' }],
    ['that ran out', { client: 'demo-partner', lifetimeSeconds: -120 }],
    ['that is bound to a key, without its proof', { client: 'demo-partner', claims: { cnf: { jkt: 'x' } } }],
  ])('a token %s', async (_, request) => {
    const token = await partner.issuer.issue({ user: { subject: userIds.bob }, ...request });
    expect(await partner.call('GET', general, { token })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('a token of another issuer', async () => {
    const elsewhere = await startIssuer();
    const token = await elsewhere.issue({ user: { subject: userIds.bob }, client: 'demo-partner' });
    await elsewhere.stop();
    expect(await partner.call('GET', general, { token })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('says where to read whose tokens are taken, and how', async () => {
    const known = /resource_metadata="([^"]+)"$/;
    const challenges = await Promise.all([null, 'a.b.c'].map(async (token) => (await partner.call('GET', general, { token })).headers));
    const urls = challenges.map((headers) => known.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '');
    expect(urls).toEqual(Array(2).fill('http://localhost:4003/.well-known/oauth-protected-resource'));
    expect(await partner.call('GET', new URL(urls[0]!).pathname, { token: null })).toMatchObject({
      status: 200,
      body: {
        resource: 'http://localhost:4003',
        authorization_servers: [partner.issuer.issuer],
        scopes_supported: expect.arrayContaining(['read:rooms', 'write:messages']),
        bearer_methods_supported: ['header'],
      },
    });
  });

  it('a token that is none', async () => {
    expect(await partner.call('GET', general, { token: 'a.b.c' })).toMatchObject({ status: 401 });
  });
});
