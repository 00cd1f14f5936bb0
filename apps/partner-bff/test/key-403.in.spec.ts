import { idOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('403', () => {
  it('a key from none of its networks, each time, and reaches no service', async () => {
    const token = partner.keys.add({ networks: ['192.0.2.0/24', '2001:db8::/32'] });
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await partner.call('GET', general, { token });
      expect([status, body]).toEqual([403, expect.objectContaining({ code: 'network-not-allowed', type: '/errors/network-not-allowed' })]);
    }
    expect(partner.fakes.rooms.calls).toEqual({});
    expect(partner.fakes.identity.calls).toEqual({ 'POST /keys/verify': 1 });
  });

  it('not from one of them', async () => {
    const token = partner.keys.add({ id: idOf(705), networks: ['192.0.2.0/24', '127.0.0.0/8', '::1/128'] });
    expect((await partner.call('GET', general, { token })).status).toBe(200);
  });

  it('what somebody says of his own address counts for nothing', async () => {
    const token = partner.keys.add({ id: idOf(706), networks: ['192.0.2.0/24'] });
    const headers = { 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1', 'x-real-ip': '192.0.2.1' };
    expect((await partner.call('GET', general, { token, headers })).status).toBe(403);
  });

  it('a problem that has a page', async () => {
    expect((await partner.call('GET', '/errors/network-not-allowed', { token: null })).status).toBe(200);
    expect((await partner.call('GET', '/errors/credential-in-url', { token: null })).status).toBe(200);
  });
});
