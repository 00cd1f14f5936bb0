import { MessageType } from '@facet/contracts/messages';
import { aMessage, anAttachment, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, links, listOf } from '../../test/downstream.fixtures.js';
import { NewMessage } from './message.view.js';
import { createMessage, deleteMessage, getMessage, listMessages, updateMessage } from './messages.js';

const roomId = idOf(1);
const messageId = idOf(100);
const params = { roomId, messageId };
const room = `/api/v1/rooms/${roomId}`;

describe('a message', () => {
  it('is whole and has exactly what was promised', async () => {
    const reactions = [{ emoji: '👍', count: 2, mine: true }];
    const said = aMessage({ content: 'x'.repeat(4_000), reactions, attachments: [anAttachment()], replyTo: idOf(50) });
    const self = `/api/v1/attachments/${idOf(900)}`;
    const get = vi.fn(async () => ({ message: said }));

    expect(await getMessage(downstreamOf({ messages: { getMessage: get } }), links, params, contextOf())).toEqual({
      id: messageId,
      roomId,
      authorId: userIds.bob,
      content: 'x'.repeat(4_000),
      type: 'text',
      replyTo: idOf(50),
      reactions,
      attachments: [
        {
          id: idOf(900),
          name: 'beach.png',
          type: 'image/png',
          size: 1_234,
          links: { self, content: links.make(idOf(900), contextOf().caller) },
        },
      ],
      createdAt: said.createdAt,
      updatedAt: said.updatedAt,
      deletedAt: null,
      links: { self: `${room}/messages/${messageId}`, room, author: `/api/v1/users/${userIds.bob}` },
    });
    expect(get).toHaveBeenCalledWith({ messageId, roomId }, expect.anything());
  });

  it('is a tombstone with the time once deleted', async () => {
    const deletedAt = new Date('2026-11-02T00:00:00.000Z');
    const messages = { getMessage: async () => ({ message: aMessage({ content: '', deletedAt, type: MessageType.MESSAGE_TYPE_SYSTEM }) }) };
    expect(await getMessage(downstreamOf({ messages }), links, params, contextOf())).toMatchObject({
      content: '',
      deletedAt,
      type: 'system',
    });
  });

  it.each([
    [true, 201],
    [false, 200],
  ])('that is new: %s, is answered with %i and its place', async (created, status) => {
    const send = vi.fn(async () => ({ message: aMessage(), created }));
    const said = { content: 'Good morning', clientId: idOf(7), attachmentIds: [idOf(900)] };
    const answer = await createMessage(downstreamOf({ messages: { sendMessage: send } }), links, { roomId, ...said }, contextOf());

    expect(answer).toMatchObject({ status, headers: { location: `${room}/messages/${messageId}` } });
    expect(send).toHaveBeenCalledWith({ roomId, ...said }, expect.anything());
  });

  it('is edited and deleted in the room of the path', async () => {
    const edit = vi.fn(async () => ({ message: aMessage() }));
    const remove = vi.fn(async () => ({}));
    const downstream = downstreamOf({ messages: { editMessage: edit, deleteMessage: remove } });

    await updateMessage(downstream, links, { ...params, content: 'Good evening' }, contextOf());
    await deleteMessage(downstream, params, contextOf());

    expect(edit).toHaveBeenCalledWith({ ...params, content: 'Good evening' }, expect.anything());
    expect(remove).toHaveBeenCalledWith(params, expect.anything());
  });

  it.each([{}, { content: '' }, { content: 'x'.repeat(4_001) }, { content: 'x', replyTo: 'y' }, { content: '', attachmentIds: [] }])(
    'cannot be made of %j',
    (body) => {
      expect(NewMessage.safeParse(body).success).toBe(false);
    },
  );
});

describe('the list of messages', () => {
  it.each(['asc', 'desc'] as const)('comes by id, %s, and goes on behind the last', async (order) => {
    const list = vi.fn(async () => ({ messages: [aMessage({ id: idOf(5) })], more: true }));
    const downstream = downstreamOf({ messages: { listMessages: list } });

    const { body } = await listMessages(downstream, links, { roomId }, listOf({ order, limit: 1 }), contextOf());
    await listMessages(downstream, links, { roomId }, listOf({ order, limit: 1, cursor: body.page.next ?? '' }), contextOf());

    expect(list).toHaveBeenLastCalledWith(
      { of: { $case: 'roomId', value: roomId }, pageSize: 1, after: idOf(5), ascending: order === 'asc' },
      expect.anything(),
    );
  });
});
