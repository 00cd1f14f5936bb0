import { MessagePosted, MessagesImported } from '@facet/contracts/messages';
import { event } from '@facet/events';
import { beforeAll, expect, it } from 'vitest';
import { as, haveRoom, startRooms, type Rooms } from './rooms.fixtures.js';

let service: Rooms;
let roomId: string;

beforeAll(async () => {
  service = await startRooms();
  roomId = await haveRoom(service.database.db, 'public', { alice: 'admin' });
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 5, 12, minute));
const posted = (minute: number) => event(MessagePosted, { key: roomId }, MessagePosted.fromPartial({ roomId, postedAt: at(minute) }));

async function lastActivityAfter(...events: Parameters<Rooms['database']['emit']>[0]) {
  await service.database.emit(events);
  await service.settle();
  return (await service.clients.rooms.getRoom({ roomId }, as('alice'))).room?.lastActivityAt;
}

it('follows what is said, and never moves back', async () => {
  expect(await lastActivityAfter(posted(10))).toEqual(at(10));
  expect(await lastActivityAfter(posted(20), posted(15))).toEqual(at(20));
});

it('follows what was imported, by the latest of it', async () => {
  const messages = [{ postedAt: at(28) }, { postedAt: at(30) }, { postedAt: at(29) }];
  expect(await lastActivityAfter(event(MessagesImported, { key: roomId }, MessagesImported.fromPartial({ roomId, messages })))).toEqual(
    at(30),
  );
  expect(await lastActivityAfter(event(MessagesImported, { key: roomId }, MessagesImported.fromPartial({ roomId })))).toEqual(at(30));
});
