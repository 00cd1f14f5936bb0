import { userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { bob, general, message, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('422 with a pointer to each fault', () => {
  it.each([
    ['a message without content', 'POST', `${general}/messages`, {}, ['/content']],
    ['5,000 characters', 'POST', `${general}/messages`, { content: 'x'.repeat(5_000) }, ['/content']],
    ['an unknown field', 'POST', `${general}/messages`, { content: 'x', colour: 'red' }, ['/colour']],
    ['a NUL character', 'POST', `${general}/messages`, { content: 'a\0b' }, ['/content']],
    ['a reply to what is no id', 'POST', `${general}/messages`, { content: 'x', replyTo: 'y' }, ['/replyTo']],
    ['an edit to nothing', 'PATCH', message, { content: '' }, ['/content']],
    ['a room without a name', 'POST', '/api/v1/rooms', { type: 'public' }, ['/name']],
    ['a direct room with nobody', 'POST', '/api/v1/rooms', { type: 'direct' }, ['/memberIds']],
    ['a room of an unknown type', 'POST', '/api/v1/rooms', { type: 'secret', name: 'x' }, ['/type']],
    ['a change of what cannot be changed', 'PATCH', general, { type: 'private' }, ['/type']],
    ['a member without an id', 'POST', `${general}/members`, {}, ['/userId']],
    ['a picture that is no https address', 'PATCH', bob, { avatarUrl: 'ftp://a.example' }, ['/avatarUrl']],
    ['several faults at once', 'PATCH', bob, { name: '', email: 'x@example.com' }, ['/name', '/email']],
  ])('%s', async (_, method, path, body, pointers) => {
    const reply = await partner.call(method, path, { body });

    expect(reply).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });

  it('lone surrogates', async () => {
    const reply = await partner.call('POST', `${general}/messages`, { body: '{"content":"\\ud800"}' });
    expect(reply).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
  });

  it('101 members', async () => {
    const memberIds = Array.from({ length: 101 }, () => userIds.carol);
    expect(await partner.call('POST', '/api/v1/rooms', { body: { type: 'private', name: 'x', memberIds } })).toMatchObject({ status: 422 });
  });
});
