import { userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { routes } from './routes.fixtures.js';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('204 without a body', () => {
  it.each(routes.filter(({ method }) => method === 'DELETE'))('$route', async ({ method, path }) => {
    const { status, body, headers } = await partner.call(method, path);
    expect({ status, body, type: headers.get('content-type') }).toEqual({ status: 204, body: '', type: null });
  });

  it('oneself leaves, others are taken out', async () => {
    await partner.call('DELETE', `${general}/members/${userIds.bob}`);
    await partner.call('DELETE', `${general}/members/${userIds.carol}`);
    expect(partner.fakes.rooms.calls).toEqual({ leaveRoom: 1, removeMember: 1 });
  });
});
