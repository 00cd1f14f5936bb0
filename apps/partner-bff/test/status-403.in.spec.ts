import { userIds } from '@facet/testing';
import { ProblemError } from '@facet/errors';
import { describe, expect, it } from 'vitest';
import { routes } from './routes.fixtures.js';
import { message, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('403', () => {
  it.each(routes)('$route without its scope reaches no service', async ({ method, path, body }) => {
    const reply = await partner.call(method, path, { body, scope: 'read:settings' });

    expect(reply).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
    expect(Object.values(partner.fakes).flatMap(({ calls }) => Object.keys(calls))).toEqual([]);
  });

  it.each(routes)('$route needs no other scope than its own', async ({ method, path, body, scope }) => {
    expect((await partner.call(method, path, { body, scope })).status).toBeLessThan(300);
  });

  it('the profile of somebody else', async () => {
    expect(await partner.call('PATCH', `/api/v1/users/${userIds.alice}`, { body: { name: 'Mallory' } })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  });

  it('what a service forbids, in its words', async () => {
    partner.fakes.messages.handlers.deleteMessage = () => {
      throw new ProblemError('forbidden', { detail: 'Only the author may delete this message.' });
    };
    expect(await partner.call('DELETE', message)).toMatchObject({
      status: 403,
      body: { detail: 'Only the author may delete this message.' },
    });
  });
});
