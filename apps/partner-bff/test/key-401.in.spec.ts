import { newPartnerKey } from '@facet/auth';
import { describe, expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();
const reached = () => Object.values(partner.fakes).flatMap(({ calls }) => Object.keys(calls));

describe('401', () => {
  const key = newPartnerKey('test');
  it.each([
    ['with a typo', key.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'))],
    ['that is cut off', key.slice(0, -1)],
    ['of production', newPartnerKey('live')],
    ['that only begins like one', 'facet_'],
  ])('a key %s is asked about nowhere', async (_, token) => {
    const { status, body, headers } = await partner.call('GET', general, { token });
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect(reached()).toEqual([]);
  });

  it('a key that nobody made is asked about once, and reaches no service', async () => {
    for (let time = 0; time < 3; time += 1) {
      const { status, headers } = await partner.call('GET', general, { token: key });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/error="invalid_token"/);
    }
    expect(partner.fakes.identity.calls).toEqual({ 'POST /keys/verify': 1 });
    expect(reached()).toEqual(['POST /keys/verify']);
  });

  it.each(['DPoP', 'Basic', 'Key'])('a good key that comes as %s', async (scheme) => {
    const authorization = `${scheme} ${partner.keys.add()}`;
    expect((await partner.call('GET', general, { token: null, headers: { authorization } })).status).toBe(401);
    expect(reached()).toEqual([]);
  });

  it('a good key in another header', async () => {
    const headers = { 'x-api-key': partner.keys.add() };
    expect((await partner.call('GET', general, { token: null, headers })).status).toBe(401);
  });
});
