import { MessageDeleted, MessageEdited, MessagePosted, ReactionAdded, ReactionRemoved } from '@facet/contracts/messages';
import { RoomType } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { contextOf, userIds, idOf } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memberLeft, outcome, roomCreated, roomDeleted, rooms, startWorld, type World } from './world.fixtures.js';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

const alice = () => contextOf('alice');
const send = (request: Partial<Parameters<World['messages']['sendMessage']>[0]>, context = alice()) =>
  world.messages.sendMessage({ roomId: rooms.general, content: 'hello', ...request }, context);

describe('a message', () => {
  it('is there at once, for everybody who may see it', async () => {
    const { message, created } = await send({});
    expect(created).toBe(true);
    expect(message).toMatchObject({
      roomId: rooms.general,
      authorId: userIds.alice,
      content: 'hello',
      edited: false,
      reactions: [],
      type: 1,
    });
    expect((await world.messages.getMessage({ messageId: message!.id }, contextOf('gina'))).message).toEqual(message);
    const { messages } = await world.messages.listMessages({ of: { $case: 'roomId', value: rooms.general } }, contextOf('bob'));
    expect(messages[0]).toEqual(message);
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(4_001)],
    ['with a NUL character', 'a\0b'],
  ])('is refused when %s', async (_, content) => {
    await expect(send({ content })).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/content' }] });
  });

  it('may have 4,000 characters, however many bytes those are', async () => {
    const content = '😀'.repeat(4_000);
    expect((await send({ content })).message?.content).toBe(content);
  });

  it('answers one of the same room only', async () => {
    const here = (await send({})).message!.id;
    const there = await world.say('alice', 'engineering');
    expect((await send({ replyTo: here })).message?.replyTo).toBe(here);
    const refused = { code: 'validation-failed', errors: [{ pointer: '/replyTo' }] };
    await expect(send({ replyTo: there })).rejects.toMatchObject(refused);
    await expect(send({ replyTo: newId() })).rejects.toMatchObject(refused);
  });

  it('is one message, though posted a hundred times in parallel with one client id', async () => {
    const clientId = newId();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => send({ clientId, content: `try ${at}` })));
    expect(new Set(answers.map(({ message }) => message!.id)).size).toBe(1);
    expect(new Set(answers.map(({ message }) => message!.content)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });

  it('of another author may have the same client id', async () => {
    const clientId = newId();
    expect((await send({ clientId })).created).toBe(true);
    expect((await send({ clientId }, contextOf('bob'))).created).toBe(true);
    expect(await outcome(send({ clientId, roomId: rooms.engineering }))).toBe('conflict');
  });
});

describe('ids of a room', () => {
  it('are visible in their order: who pages forward while others post misses nothing', async () => {
    const authors = ['alice', 'bob', 'carol'] as const;
    const posting = Promise.all(Array.from({ length: 60 }, (_, at) => world.say(authors[at % 3]!, 'engineering')));
    let posted: string[] | undefined;
    void posting.then((ids) => (posted = ids));

    const seen: string[] = [];
    for (let done = false; !done;) {
      done = posted !== undefined;
      const page = { of: { $case: 'roomId', value: rooms.engineering }, ascending: true, after: seen.at(-1), pageSize: 7 } as const;
      const { messages } = await world.messages.listMessages(page, contextOf('carol'));
      seen.push(...messages.map(({ id }) => id));
      done &&= messages.length === 0;
    }
    expect(seen).toEqual(seen.toSorted());
    expect(new Set(seen).size).toBe(seen.length);
    expect((await posting).filter((id) => !seen.includes(id))).toEqual([]);
  });
});

describe('a room', () => {
  it('that this service has not heard of yet is waited for a moment', async () => {
    const roomId = idOf(50);
    const sending = send({ roomId });
    await world.database.emit([roomCreated(roomId, RoomType.ROOM_TYPE_PRIVATE, ['alice', 'bob'])]);
    expect((await sending).created).toBe(true);
  });

  it('that never existed is not found', async () => {
    expect(await outcome(send({ roomId: newId() }))).toBe('not-found');
  });

  it('takes its messages with it when it is deleted, and who left a private one sees nothing more', async () => {
    const roomId = idOf(51);
    await world.tell(roomCreated(roomId, RoomType.ROOM_TYPE_PRIVATE, ['alice', 'bob', 'carol']));
    const messageId = (await send({ roomId })).message!.id;
    await world.tell(memberLeft(roomId, 'carol'));
    expect(await outcome(world.messages.getMessage({ messageId }, contextOf('carol')))).toBe('not-found');
    await world.tell(roomDeleted(roomId));
    expect(await outcome(world.messages.getMessage({ messageId }, alice()))).toBe('not-found');
    expect(await outcome(send({ roomId }))).toBe('not-found');
    const { messages } = await world.messages.listMessages({ of: { $case: 'authorId', value: userIds.alice } }, alice());
    expect(messages.map(({ id }) => id)).not.toContain(messageId);
  });
});

describe('others are told', () => {
  it('in order of every change, and of none that changed nothing', async () => {
    const first = await world.say('bob', 'pair');
    const { message } = await send({ roomId: rooms.pair, replyTo: first, content: 'one' });
    const messageId = message!.id;
    const on = { messageId };
    await world.messages.editMessage({ ...on, content: 'two' }, alice());
    await world.messages.editMessage({ ...on, content: 'two' }, alice());
    await world.messages.addReaction({ ...on, emoji: '👍' }, alice());
    await world.messages.addReaction({ ...on, emoji: '👍' }, alice());
    expect((await world.messages.removeReaction({ ...on, emoji: '👍' }, alice())).removed).toBe(true);
    expect((await world.messages.removeReaction({ ...on, emoji: '👍' }, alice())).removed).toBe(false);
    await world.messages.deleteMessage(on, alice());
    await world.messages.deleteMessage(on, alice());
    await world.settle();

    const mine = <T extends { messageId: string }>(events: readonly T[]) => events.filter((event) => event.messageId === messageId);
    const { database } = world;
    const at = { messageId, roomId: rooms.pair };
    expect(mine(await database.published(MessagePosted))).toMatchObject([
      { ...at, replyTo: first, replyToAuthorId: userIds.bob, content: 'one' },
    ]);
    expect(mine(await database.published(MessageEdited))).toMatchObject([{ ...at, content: 'two' }]);
    expect(mine(await database.published(ReactionAdded))).toMatchObject([{ ...at, userId: userIds.alice, emoji: '👍' }]);
    expect(mine(await database.published(ReactionRemoved))).toMatchObject([{ ...at, userId: userIds.alice, emoji: '👍' }]);
    expect(mine(await database.published(MessageDeleted))).toMatchObject([{ ...at, authorId: userIds.alice }]);
  });
});
