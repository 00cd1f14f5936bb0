import { aRoom, aUser } from '@facet/testing';
import { ProblemError } from '@facet/errors';
import { describe, expect, it } from 'vitest';
import { bob, general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('500', () => {
  it('an answer that would break our own promise does not leave, and says nothing of the inside', async () => {
    partner.fakes.users.handlers.getUser = () => ({ user: aUser({ id: 'secret-row-17' }) });
    const { status, body, headers } = await partner.call('GET', bob);

    expect(status).toBe(500);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'internal-error', status: 500 });
    expect(JSON.stringify(body)).not.toContain('secret-row-17');
  });
});

describe('502', () => {
  it('a service that leaves out what it promised', async () => {
    partner.fakes.rooms.handlers.getRoom = () => ({ room: aRoom({ createdAt: undefined }) });
    expect(await partner.call('GET', general)).toMatchObject({ status: 502, body: { code: 'dependency-failed' } });
  });

  it('a service that fails inside, without its words', async () => {
    partner.fakes.rooms.failure = new ProblemError('internal-error', { detail: 'relation "room" does not exist' });
    const { status, body } = await partner.call('GET', general);

    expect(status).toBe(502);
    expect(JSON.stringify(body)).not.toContain('relation');
  });
});
