import { callerOf, contextOf, importer, type TestUser } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memberJoined, outcome, rooms, startWorld, type World } from './world.fixtures.js';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

const missing = 'not-found';
const no = 'forbidden';
const everybody: readonly TestUser[] = ['alice', 'bob', 'carol', 'dave', 'gina'];
const day = 24 * 3_600_000;

/** What each of alice (admin), bob (moderator), carol (user), dave (user, no member anywhere) and gina (guest) gets. */
async function row(call: (user: TestUser) => Promise<unknown>): Promise<string[]> {
  return await Promise.all(everybody.map((user) => outcome(call(user))));
}

describe('who reads', () => {
  it.each([
    ['general', ['ok', 'ok', 'ok', 'ok', 'ok']],
    ['engineering', ['ok', 'ok', 'ok', missing, missing]],
    ['board', ['ok', missing, 'ok', missing, missing]],
    ['pair', ['ok', 'ok', missing, missing, missing]],
  ] as const)('in %s', async (room, expected) => {
    const messageId = await world.say(room === 'pair' ? 'bob' : 'carol', room);
    expect(await row((user) => world.messages.getMessage({ messageId }, contextOf(user)))).toEqual(expected);
    expect(await row((user) => world.messages.listMessages({ of: { $case: 'roomId', value: rooms[room] } }, contextOf(user)))).toEqual(
      expected,
    );
  });
});

describe('who posts', () => {
  it.each([
    ['general', ['ok', 'ok', 'ok', no, no]],
    ['engineering', ['ok', 'ok', 'ok', missing, no]],
    ['board', ['ok', missing, 'ok', missing, no]],
    ['pair', ['ok', 'ok', missing, missing, no]],
  ] as const)('in %s', async (room, expected) => {
    expect(await row((user) => world.messages.sendMessage({ roomId: rooms[room], content: 'hi' }, contextOf(user)))).toEqual(expected);
  });
});

describe('who reacts', () => {
  it.each([
    ['general', ['ok', 'ok', 'ok', no, no]],
    ['engineering', ['ok', 'ok', 'ok', missing, no]],
  ] as const)('in %s', async (room, expected) => {
    const messageId = await world.say('carol', room);
    expect(await row((user) => world.messages.addReaction({ messageId, emoji: '👍' }, contextOf(user)))).toEqual(expected);
    expect(await row((user) => world.messages.removeReaction({ messageId, emoji: '👍' }, contextOf(user)))).toEqual(
      expected.map((cell, at) => (everybody[at] === 'dave' && room === 'general' ? 'ok' : cell)),
    );
  });
});

describe('who edits', () => {
  it.each([
    ['bob', 'general', ['ok', 'ok', no, no, no]],
    ['carol', 'general', ['ok', 'ok', 'ok', no, no]],
    ['carol', 'engineering', ['ok', 'ok', 'ok', missing, no]],
    ['carol', 'board', ['ok', missing, 'ok', missing, no]],
  ] as const)("%s's message in %s", async (author, room, expected) => {
    const messageId = await world.say(author, room);
    expect(await row((user) => world.messages.editMessage({ messageId, content: `by ${user}` }, contextOf(user)))).toEqual(expected);
  });
});

describe('who deletes', () => {
  it.each([
    // In general alice is the room's admin, in engineering carol is.
    ['bob', 'general', ['ok', 'ok', no, no, no]],
    ['carol', 'general', ['ok', 'ok', 'ok', no, no]],
    ['bob', 'engineering', ['ok', 'ok', 'ok', missing, no]],
    ['bob', 'pair', ['ok', 'ok', missing, missing, no]],
  ] as const)("%s's message in %s", async (author, room, expected) => {
    const cells = everybody.map(async (user) => {
      const messageId = await world.say(author, room);
      return await outcome(world.messages.deleteMessage({ messageId }, contextOf(user)));
    });
    expect(await Promise.all(cells)).toEqual(expected);
  });

  it('an author for 24 hours, a moderator for ever, whoever deleted it in time again', async () => {
    await world.tell(memberJoined(rooms.general, 'dave'));
    const [old, inTime] = [await world.say('dave', 'general'), await world.say('dave', 'general')];
    const remove = (user: TestUser, messageId: string) => outcome(world.messages.deleteMessage({ messageId }, contextOf(user)));
    world.clock.moveOn(day - 60_000);
    expect(await remove('dave', inTime)).toBe('ok');
    world.clock.moveOn(120_000);
    expect(await remove('dave', old)).toBe(no);
    expect(await remove('dave', inTime)).toBe('ok');
    expect(await remove('bob', old)).toBe('ok');
  });
});

describe('a token', () => {
  it('without the scope is not enough, whatever the role', async () => {
    const messageId = await world.say('alice', 'general');
    const reading = contextOf({ ...callerOf('alice'), scopes: ['read:messages'] });
    expect(await outcome(world.messages.getMessage({ messageId }, reading))).toBe('ok');
    expect(await outcome(world.messages.editMessage({ messageId, content: 'x' }, reading))).toBe('insufficient-scope');
    expect(await outcome(world.messages.sendMessage({ roomId: rooms.general, content: 'x' }, reading))).toBe('insufficient-scope');
    const rest = contextOf({ ...callerOf('alice'), scopes: ['read:rooms'] });
    expect(await outcome(world.messages.getMessage({ messageId }, rest))).toBe('insufficient-scope');
  });

  it("of the service's own reads and writes nothing on behalf of a user, and only the importer imports", async () => {
    const messageId = await world.say('alice', 'general');
    const own = contextOf(importer);
    expect(await outcome(world.importersMessages.getMessage({ messageId }, own))).toBe(no);
    expect(await outcome(world.importersMessages.listMessages({ of: { $case: 'roomId', value: rooms.general } }, own))).toBe(no);
    expect(await outcome(world.importersMessages.sendMessage({ roomId: rooms.general, content: 'x' }, own))).toBe(no);
    expect(await outcome(world.imports.importMessages({ messages: [] }, own))).toBe('ok');
  });
});
