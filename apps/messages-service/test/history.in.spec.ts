import { MessageDeleted, MessagePosted, MessagesImported } from '@facet/contracts/messages';
import { newId } from '@facet/database';
import { sql } from 'kysely';
import { contextOf, importer, userIds, idOf } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begin, evolve, type Message, type MessageEvent } from '../src/message.js';
import { toMessage } from '../src/store/messages.js';
import { rooms, startWorld, type World } from './world.fixtures.js';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

const at = new Date('2026-02-01T10:00:00Z');
const imported = (id: string, differs = {}, reactions: { userId: string; emoji: string }[] = []) => ({
  message: { id, roomId: rooms.general, authorId: userIds.bob, content: 'long ago', createdAt: at, ...differs },
  reactions,
});
const load = (messages: ReturnType<typeof imported>[], unread = false) =>
  world.imports.importMessages({ messages, unread }, contextOf(importer));

/** What the events of a message make of it, read back from the table. */
async function replay(messageId: string): Promise<Message> {
  const rows = await world.database.db
    .selectFrom('message_event')
    .selectAll()
    .where('message_id', '=', messageId)
    .orderBy('version')
    .execute();
  const [first, ...others] = rows.map(({ type, at, data }) => ({ type, at, ...(data as object) }) as MessageEvent);
  return others.reduce(evolve, begin(first as Parameters<typeof begin>[0]));
}

describe('the events of a message', () => {
  it('make its current state', async () => {
    const messageId = await world.say('carol', 'general');
    await world.messages.addReaction({ messageId, emoji: '👍' }, contextOf('bob'));
    await world.messages.addReaction({ messageId, emoji: '🎉' }, contextOf('alice'));
    await world.messages.addReaction({ messageId, emoji: '👍' }, contextOf('carol'));
    await world.messages.removeReaction({ messageId, emoji: '🎉' }, contextOf('alice'));
    await world.messages.editMessage({ messageId, content: 'again' }, contextOf('carol'));

    const row = await world.database.db.selectFrom('message').selectAll().where('id', '=', messageId).executeTakeFirstOrThrow();
    expect(await replay(messageId)).toEqual(toMessage(row));
    expect(row.version).toBe(6);
  });

  it('are counted right when many react at once', async () => {
    const messageId = await world.say('carol', 'general');
    const users = ['alice', 'bob', 'carol'] as const;
    await Promise.all(
      users.flatMap((user) => ['👍', '🎉', '👍'].map((emoji) => world.messages.addReaction({ messageId, emoji }, contextOf(user)))),
    );
    const { message } = await world.messages.getMessage({ messageId }, contextOf('alice'));
    expect(message!.reactions.map(({ count, mine }) => [count, mine])).toEqual([
      [3, true],
      [3, true],
    ]);
    expect((await replay(messageId)).version).toBe(7);
  });

  it('can be neither changed nor taken away', async () => {
    await world.say('carol', 'general');
    const refused = 'message_event is append-only';
    const { db } = world.database;
    await expect(db.updateTable('message_event').set({ type: 'x' }).execute()).rejects.toThrow(refused);
    await expect(db.deleteFrom('message_event').execute()).rejects.toThrow(refused);
    await expect(sql`truncate message_event`.execute(db)).rejects.toThrow(refused);
  });
});

describe('an import', () => {
  it('creates what does not exist yet, leaves the rest as it is, and says how much was new', async () => {
    const [one, two] = [idOf(1_000), idOf(1_001)];
    const reactions = [
      { userId: userIds.alice, emoji: '🎉' },
      { userId: userIds.carol, emoji: '👍' },
      { userId: userIds.carol, emoji: '🎉' },
      { userId: userIds.carol, emoji: '🎉' },
    ];
    expect(await load([imported(one, {}, reactions)])).toEqual({ created: 1 });
    expect(await load([imported(one, { content: 'other' }), imported(two), imported(two)])).toEqual({ created: 1 });

    const { message } = await world.messages.getMessage({ messageId: one }, contextOf('carol'));
    expect(message).toMatchObject({ content: 'long ago', createdAt: at, updatedAt: at, edited: false, authorId: userIds.bob });
    expect(message?.reactions).toEqual([
      { emoji: '🎉', count: 2, mine: true },
      { emoji: '👍', count: 1, mine: true },
    ]);
    await world.messages.removeReaction({ messageId: one, emoji: '👍' }, contextOf('carol'));
    expect((await replay(one)).reactions).toEqual([{ emoji: '🎉', count: 2 }]);
  });

  it('is told room by room, and is not news', async () => {
    const [here, there, gone] = [idOf(1_010), idOf(1_011), idOf(1_012)];
    await world.settle();
    const before = (await world.database.published(MessagePosted)).length;
    await load([imported(here), imported(there, { roomId: rooms.board }), imported(gone, { content: '', deletedAt: at })], true);
    await load([imported(here)], true);
    await world.settle();

    const told = (await world.database.published(MessagesImported)).slice(-2);
    expect(told.map(({ roomId, unread, messages }) => [roomId, unread, messages.map(({ messageId }) => messageId)])).toEqual([
      [rooms.general, true, [here, gone]],
      [rooms.board, true, [there]],
    ]);
    expect((await world.database.published(MessageDeleted)).map(({ messageId }) => messageId)).toContain(gone);
    expect(await world.database.published(MessagePosted)).toHaveLength(before);
  });

  it('of a thousand long messages is one call, after which posting goes on', async () => {
    const roomId = rooms.engineering;
    const many = Array.from({ length: 1_000 }, (_, index) => imported(idOf(2_000 + index), { roomId, content: 'x'.repeat(2_608) }));
    expect(await load(many)).toEqual({ created: 1_000 });
    const id = await world.say('carol', 'engineering');
    const { messages } = await world.messages.listMessages({ of: { $case: 'roomId', value: roomId }, pageSize: 2 }, contextOf('carol'));
    expect(messages.map((message) => message.id)).toEqual([id, idOf(2_999)]);
  });

  it.each([
    ['without a text', { content: '' }, '/messages/0/message/content'],
    ['without a time', { createdAt: undefined }, '/messages/0/message/createdAt'],
    ['with an id that is none', { id: 'x' }, '/messages/0/message/id'],
  ])('of a message %s is refused', async (_, differs, pointer) => {
    await expect(load([imported(newId(), differs)])).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer }] });
  });
});
