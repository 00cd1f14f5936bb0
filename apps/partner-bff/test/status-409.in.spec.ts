import { ProblemError } from '@facet/errors';
import { userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { direct, general, message, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('409', () => {
  it('a member who is to be made a second time', async () => {
    expect(await partner.call('POST', `${general}/members`, { body: { userId: userIds.carol } })).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: 'This user is a member already.' },
    });
  });

  it('a name for a direct room', async () => {
    expect(await partner.call('PATCH', direct, { body: { name: 'ours' } })).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: 'A direct room has no name.' },
    });
  });

  it('an edit of a tombstone', async () => {
    partner.fakes.messages.handlers.editMessage = () => {
      throw new ProblemError('conflict', { detail: 'The message was deleted.' });
    };
    expect(await partner.call('PATCH', message, { body: { content: 'x' } })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});
