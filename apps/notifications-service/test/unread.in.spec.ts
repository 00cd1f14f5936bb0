import { RoomType } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { contextOf, idOf, userIds } from '@facet/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deleted,
  imported,
  memberJoined,
  memberLeft,
  outcome,
  posted,
  roomCreated,
  roomDeleted,
  rooms,
  startWorld,
  type World,
} from './world.fixtures.js';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

let made = 100;
/** A private room of alice, bob and carol in which bob has said so much. */
async function roomWith(count: number) {
  const roomId = idOf((made += 1));
  const messages = Array.from({ length: count }, () => posted('bob', roomId));
  await world.tell(roomCreated(roomId, RoomType.ROOM_TYPE_PRIVATE, ['alice', 'bob', 'carol']));
  await world.tell(...messages);
  const read = (messageId: string, user: 'carol' | 'dave' = 'carol') =>
    world.notifications.markRoomRead({ roomId, messageId }, contextOf(user));
  return { roomId, messages, read };
}

describe('unread messages', () => {
  it('are those of others', async () => {
    const { roomId } = await roomWith(3);
    expect([await world.unread('carol', roomId), await world.unread('bob', roomId)]).toEqual([3, 0]);
  });

  it('are those after what one has read, which never moves back', async () => {
    const { roomId, messages, read } = await roomWith(5);
    await read(messages[3]!.messageId);
    expect(await world.unread('carol', roomId)).toBe(1);
    await read(messages[1]!.messageId);
    expect(await world.unread('carol', roomId)).toBe(1);
    await read(messages[4]!.messageId);
    expect(await world.unread('carol', roomId)).toBe(0);
  });

  it('end where one says something oneself', async () => {
    const { roomId } = await roomWith(3);
    await world.tell(posted('carol', roomId));
    expect(await world.unread('carol', roomId)).toBe(0);
    await world.tell(posted('bob', roomId));
    expect(await world.unread('carol', roomId)).toBe(1);
  });

  it('begin when one joins, and again when one comes back', async () => {
    const { roomId } = await roomWith(3);
    await world.tell(memberJoined(roomId, 'dave'));
    expect(await world.unread('dave', roomId)).toBe(0);
    await world.tell(posted('bob', roomId, { messageId: v7({ msecs: Date.now() + 5 }) }));
    expect(await world.unread('dave', roomId)).toBe(1);
    await world.tell(memberLeft(roomId, 'dave'));
    await world.tell(memberJoined(roomId, 'dave', new Date(Date.now() + 1_000)));
    expect(await world.unread('dave', roomId)).toBe(0);
  });

  it('are without what was deleted, which can still be read up to', async () => {
    const { roomId, messages, read } = await roomWith(3);
    await world.tell(deleted(messages[1]!));
    expect(await world.unread('carol', roomId)).toBe(2);
    await read(messages[1]!.messageId);
    expect(await world.unread('carol', roomId)).toBe(1);
  });

  it('are without silent history, and with history that counts', async () => {
    const { roomId, read } = await roomWith(0);
    const [silent, loud] = [newId(), newId()];
    await world.tell(imported(roomId, [silent], false), imported(roomId, [loud], true));
    expect(await world.unread('carol', roomId)).toBe(1);
    await read(silent);
    expect(await world.unread('carol', roomId)).toBe(1);
  });

  it('are counted up to a thousand, in a room and in all rooms', async () => {
    const before = await world.unread('carol');
    const { roomId } = await roomWith(0);
    await world.tell(imported(roomId, Array.from({ length: 1_000 }, newId), true));
    expect(before).toBeGreaterThan(0);
    expect([await world.unread('carol', roomId), await world.unread('carol')]).toEqual([1_000, 1_000]);
    await world.tell(roomDeleted(roomId));
    expect(await world.unread('carol')).toBe(before);
    expect(await outcome(world.unread('carol', roomId))).toBe('not-found');
  });

  it('in all rooms are the sum of those in each', async () => {
    await world.tell(
      roomCreated(idOf(90), RoomType.ROOM_TYPE_PUBLIC, ['dave', 'gina']),
      roomCreated(idOf(91), RoomType.ROOM_TYPE_PUBLIC, ['bob', 'gina']),
    );
    const before = await world.unread('gina');
    await world.tell(posted('dave', idOf(90)), posted('bob', idOf(91)), posted('bob', idOf(91)));
    expect((await world.unread('gina')) - before).toBe(3);
  });
});

describe('reading up to a message', () => {
  it('that is on its way is waited for a moment', async () => {
    const { roomId, read } = await roomWith(2);
    const message = posted('bob', roomId);
    const reading = read(message.messageId);
    await world.database.emit([message]);
    await reading;
    expect(await world.unread('carol', roomId)).toBe(0);
  });

  it('that does not exist, or is in another room, or in a room that one may not see, is not found', async () => {
    const [here, there] = [await roomWith(1), await roomWith(1)];
    expect(await outcome(here.read(newId()))).toBe('not-found');
    expect(await outcome(here.read(there.messages[0]!.messageId))).toBe('not-found');
    expect(await outcome(here.read(here.messages[0]!.messageId, 'dave'))).toBe('not-found');
  });
});

describe("another's unread count", () => {
  const count = (user: 'alice' | 'bob' | 'carol' | 'dave', request: { userId: string; roomId?: string }) =>
    world.notifications.countUnread(request, contextOf(user)).then(
      (answer) => answer.count,
      (error: { code: string }) => error.code,
    );

  it('is for admins, and where one sees no room there is none', async () => {
    const { roomId } = await roomWith(2);
    const carols = { userId: userIds.carol, roomId };
    expect(await Promise.all([count('alice', carols), count('bob', carols), count('carol', carols), count('dave', carols)])).toEqual([
      2,
      'forbidden',
      2,
      'not-found',
    ]);
    expect(await count('bob', { userId: userIds.carol })).toBe('forbidden');
    expect(await count('alice', { userId: userIds.dave, roomId })).toBe(0);
  });

  it('does not tell an admin what goes on in a direct room', async () => {
    const before = await count('alice', { userId: userIds.carol });
    await world.tell(posted('bob', rooms.pair));
    expect(await count('alice', { userId: userIds.carol })).toBe(before);
    expect(await count('alice', { userId: userIds.carol, roomId: rooms.pair })).toBe('not-found');
    expect(await world.unread('carol', rooms.pair)).toBe(1);
  });
});
