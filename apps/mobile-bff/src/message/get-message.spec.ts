import { DownstreamError, ProblemError } from '@facet/errors';
import { aMessage, anAttachment, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, messageId, roomId, usersNamed } from '../../test/downstream.fixtures.js';
import { findSurroundings } from './find-surroundings.js';
import { getMessage } from './get-message.js';
import { toListedMessage, toMessage, wordsOf } from './to-message.js';

const whole = 'x'.repeat(4_000);

describe('one message', () => {
  it('is whole, in the room of the path', async () => {
    const get = vi.fn(async () => ({ message: aMessage({ content: whole }) }));
    const message = await getMessage(
      downstreamOf({ users: usersNamed(), messages: { getMessage: get } }),
      { roomId, messageId },
      contextOf('alice'),
    );

    expect(message).toMatchObject({ text: whole, by: { name: 'Bob' }, degraded: [] });
    expect(message).not.toHaveProperty('truncated');
    expect(get).toHaveBeenCalledWith({ messageId, roomId }, expect.anything());
  });

  it('is there without the name of its author, and says so', async () => {
    const getUser = async () => {
      throw new DownstreamError('users', 'unavailable');
    };
    const messages = { getMessage: async () => ({ message: aMessage() }) };
    const message = await getMessage(downstreamOf({ users: { getUser }, messages }), { roomId, messageId }, contextOf('alice'));

    expect(message).toMatchObject({ by: { id: userIds.bob, name: null, avatarUrl: null }, degraded: ['users'] });
  });

  it('is not found where the service knows none', async () => {
    const missing = async () => {
      throw new ProblemError('not-found');
    };
    const downstream = downstreamOf({ messages: { getMessage: missing } });
    await expect(getMessage(downstream, { roomId, messageId }, contextOf('alice'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('what messages answer', () => {
  const reply = aMessage({ id: idOf(101), authorId: userIds.alice, replyTo: idOf(50) });

  it('is quoted with the name of its author, in 80 graphemes', async () => {
    const messages = { getMessage: async () => ({ message: aMessage({ id: idOf(50), content: '👩‍👩‍👧'.repeat(81) }) }) };
    const around = await findSurroundings(downstreamOf({ users: usersNamed(), messages }), [reply], contextOf('alice'));

    expect(toListedMessage(reply, around).replyTo).toEqual({ id: idOf(50), by: 'Bob', text: expect.stringMatching(/^(👩‍👩‍👧)+…$/u) });
  });

  it('is not asked for where it is on the same page, nor is an author twice', async () => {
    const getUser = vi.fn(usersNamed().getUser ?? (() => Promise.reject(new Error())));
    const page = [reply, aMessage({ id: idOf(50), content: 'Who?' })];
    const around = await findSurroundings(downstreamOf({ users: { getUser }, messages: {} }), page, contextOf('alice'));

    expect(toListedMessage(reply, around).replyTo).toEqual({ id: idOf(50), by: 'Bob', text: 'Who?' });
    expect(getUser).toHaveBeenCalledTimes(2);
  });

  it('is an empty text where it was deleted', async () => {
    const messages = { getMessage: async () => ({ message: aMessage({ id: idOf(50), content: '', deletedAt: new Date() }) }) };
    const around = await findSurroundings(downstreamOf({ users: usersNamed(), messages }), [reply], contextOf('alice'));

    expect(toListedMessage(reply, around).replyTo).toEqual({ id: idOf(50), by: 'Bob', text: '' });
  });

  it('is null, and messages is named, where it cannot be had', async () => {
    const getMessage = async () => {
      throw new DownstreamError('messages', 'timeout');
    };
    const context = contextOf('alice');
    const around = await findSurroundings(downstreamOf({ users: usersNamed(), messages: { getMessage } }), [reply], context);

    expect(toListedMessage(reply, around).replyTo).toEqual({ id: idOf(50), by: null, text: null });
    expect(context.degraded()).toEqual(['messages']);
  });
});

describe('a message in a list', () => {
  const around = { people: new Map(), quoted: new Map() };

  it('is cut to 280 graphemes and says so', () => {
    const listed = toListedMessage(aMessage({ content: '🦄'.repeat(281) }), around);
    expect(listed).toMatchObject({ text: `${'🦄'.repeat(279)}…`, truncated: true });
  });

  it('does not say so where nothing was cut', () => {
    expect(toListedMessage(aMessage({ content: '🦄'.repeat(280) }), around)).not.toHaveProperty('truncated');
  });

  it('is a tombstone without text once deleted', () => {
    expect(toListedMessage(aMessage({ content: '', deletedAt: new Date() }), around)).toMatchObject({ deleted: true, text: '' });
  });

  it('shows its files with a thumbnail that fills a bubble, and cuts their names', () => {
    const [name, id] = ['n'.repeat(80), idOf(900)];
    const attachments = [
      anAttachment({ name }),
      anAttachment({ thumbnails: [160] }),
      anAttachment({ type: 'application/pdf', thumbnails: [] }),
    ];
    const message = aMessage({ attachments });

    expect(toListedMessage(message, around).attachments).toEqual([
      { id, name: `${'n'.repeat(37)}…`, type: 'image/png', size: 1_234, thumbnailUrl: `/v1/attachments/${id}/thumbnails/320` },
      { id, name: 'beach.png', type: 'image/png', size: 1_234, thumbnailUrl: `/v1/attachments/${id}/thumbnails/160` },
      { id, name: 'beach.png', type: 'application/pdf', size: 1_234, thumbnailUrl: null },
    ]);
    expect(toMessage(message, around).attachments[0]?.name).toBe(name);
  });

  it('shows three of its files, and says that there are more', () => {
    const of = (count: number) => toListedMessage(aMessage({ attachments: Array.from({ length: count }, () => anAttachment()) }), around);
    expect(of(3).attachments).toHaveLength(3);
    expect(of(3)).not.toHaveProperty('truncated');
    expect(of(4)).toMatchObject({ attachments: { length: 3 }, truncated: true });
  });

  it('that is files alone goes by the name of the first, where a line has to do', () => {
    const attachments = [anAttachment(), anAttachment({ name: 'other.png' })];
    expect(wordsOf(aMessage({ content: '', attachments }))).toBe('beach.png');
    expect(wordsOf(aMessage({ content: 'Look', attachments }))).toBe('Look');
    expect(wordsOf(aMessage({ content: '', deletedAt: new Date() }))).toBe('');
  });

  it('shows twenty reactions, and the own ones beyond', () => {
    const reactions = Array.from({ length: 30 }, (_, number) => ({ emoji: String(number), count: 1, mine: number === 29 }));
    const listed = toListedMessage(aMessage({ reactions }), around);
    expect(listed.reactions).toHaveLength(21);
    expect(listed.reactions.at(-1)).toEqual({ emoji: '29', count: 1, mine: true });
  });
});
