import { DownstreamError, ProblemError } from '@facet/errors';
import { aMessage, anAttachment, contextOf, idOf } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, messageId, roomId, usersNamed } from '../../test/downstream.fixtures.js';
import { deleteMessage, editMessage } from './change-message.js';
import { MessageEdit, MessageDraft } from './message.view.js';
import { postMessage } from './post-message.js';
import { addReaction, removeReaction } from './reactions.js';

const clientId = idOf(7);
const input = { roomId, text: 'Good morning', clientId, attachmentIds: [] };

describe('a posted message', () => {
  it('is answered with 201 and its place', async () => {
    const sendMessage = vi.fn(async () => ({ message: aMessage(), created: true }));
    const answer = await postMessage(downstreamOf({ users: usersNamed(), messages: { sendMessage } }), input, contextOf('bob'));

    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `/v1/rooms/${roomId}/messages/${messageId}` },
      body: { id: messageId, text: 'Good morning', by: { name: 'Bob' } },
    });
    const sent = { roomId, content: 'Good morning', replyTo: undefined, clientId, attachmentIds: [] };
    expect(sendMessage).toHaveBeenCalledWith(sent, expect.anything());
  });

  it('is the same message with 200 where the client id was sent before', async () => {
    const messages = { sendMessage: async () => ({ message: aMessage(), created: false }) };
    const answer = await postMessage(downstreamOf({ users: usersNamed(), messages }), input, contextOf('bob'));
    expect(answer).toMatchObject({ status: 200, body: { id: messageId } });
  });

  it('is no failure once it is said, even if nobody knows the names', async () => {
    const getUser = async () => {
      throw new DownstreamError('users', 'unavailable');
    };
    const messages = { sendMessage: async () => ({ message: aMessage(), created: true }) };
    const answer = await postMessage(downstreamOf({ users: { getUser }, messages }), input, contextOf('bob'));
    expect(answer).toMatchObject({ status: 201, body: { by: { name: null }, degraded: ['users'] } });
  });

  it('is refused as the service refuses it', async () => {
    const sendMessage = async () => {
      throw new ProblemError('forbidden');
    };
    await expect(postMessage(downstreamOf({ messages: { sendMessage } }), input, contextOf('gina'))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it.each([
    ['no text', { clientId }],
    ['an empty text', { text: '', clientId }],
    ['4,001 characters', { text: 'x'.repeat(4_001), clientId }],
    ['a lone surrogate', { text: '\ud800', clientId }],
    ['a NUL character', { text: 'a\0b', clientId }],
    ['eleven attachments', { text: 'x', clientId, attachmentIds: Array.from({ length: 11 }, (_, number) => idOf(number)) }],
    ['an attachment that is no id', { text: 'x', clientId, attachmentIds: ['../x'] }],
    ['no client id', { text: 'x' }],
    ['a client id that is no UUID', { text: 'x', clientId: '1' }],
  ])('cannot be made of %s', (_, body) => {
    expect(MessageDraft.safeParse(body).success).toBe(false);
  });

  it('needs no text where it brings files, and brings them in their order', async () => {
    const attachmentIds = [idOf(901), idOf(900)];
    const draft = MessageDraft.parse({ text: '', clientId, attachmentIds });
    const sendMessage = vi.fn(async () => ({ message: aMessage({ content: '', attachments: [anAttachment()] }), created: true }));
    const downstream = downstreamOf({ users: usersNamed(), messages: { sendMessage } });
    const answer = await postMessage(downstream, { roomId, ...draft }, contextOf('bob'));

    expect(answer.body.attachments).toMatchObject([{ id: idOf(900), name: 'beach.png' }]);
    expect(sendMessage).toHaveBeenCalledWith(expect.objectContaining({ content: '', attachmentIds }), expect.anything());
  });

  it('may have 4,000 characters of four bytes each', () => {
    expect(MessageDraft.safeParse({ text: '🦄'.repeat(4_000), clientId }).success).toBe(true);
    expect(MessageEdit.safeParse({ text: '🦄'.repeat(4_000) }).success).toBe(true);
  });
});

describe('changes of a message', () => {
  it('edit it in the room of the path', async () => {
    const edit = vi.fn(async () => ({ message: aMessage({ content: 'Good evening', edited: true }) }));
    const downstream = downstreamOf({ users: usersNamed(), messages: { editMessage: edit } });
    const message = await editMessage(downstream, { roomId, messageId, text: 'Good evening' }, contextOf('bob'));

    expect(message).toMatchObject({ text: 'Good evening', edited: true, degraded: [] });
    expect(edit).toHaveBeenCalledWith({ messageId, roomId, content: 'Good evening' }, expect.anything());
  });

  it('delete it and react to it in the room of the path', async () => {
    const deleted = vi.fn(async () => ({}));
    const added = vi.fn(async () => ({ reaction: { emoji: '👍', count: 1, mine: true } }));
    const removed = vi.fn(async () => ({ removed: true }));
    const downstream = downstreamOf({ messages: { deleteMessage: deleted, addReaction: added, removeReaction: removed } });

    await deleteMessage(downstream, { roomId, messageId }, contextOf('bob'));
    await addReaction(downstream, { roomId, messageId, emoji: '👍' }, contextOf('bob'));
    await removeReaction(downstream, { roomId, messageId, emoji: '👍' }, contextOf('bob'));

    expect(deleted).toHaveBeenCalledWith({ messageId, roomId }, expect.anything());
    expect(added).toHaveBeenCalledWith({ messageId, roomId, emoji: '👍' }, expect.anything());
    expect(removed).toHaveBeenCalledWith({ messageId, roomId, emoji: '👍' }, expect.anything());
  });
});
