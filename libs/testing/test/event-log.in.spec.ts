import { MemberLeft, RoomDeleted } from '@facet/contracts/rooms';
import { inboxMigrations, event, Events, on, outboxMigrations, publish } from '@facet/events';
import { expect, test } from 'vitest';
import { testDatabase } from '../src/index.js';

test('what an application publishes is in the log, and what others emit reaches it', async () => {
  const database = await testDatabase<unknown>({ schema: 'rooms', migrations: { ...outboxMigrations, ...inboxMigrations } });
  const seen: string[] = [];
  const handlers = [on(MemberLeft, async ({ userId }) => void seen.push(userId))];
  const report = (_level: string, message: string, error?: unknown) => void console.log(message, error);
  const events = new Events(
    { service: 'rooms-service', brokers: [], publishes: true, consume: { handlers } },
    { db: database.db, database: { ...database, applicationName: 'test' }, report },
  );
  await events.start();
  await database.db.transaction().execute((tx) => publish(tx, [event(RoomDeleted, { key: 'r1' }, { roomId: 'r1', deletedAt: undefined })]));
  await database.emit([event(MemberLeft, { key: 'r1' }, { roomId: 'r1', userId: 'u1', leftAt: undefined })]);
  await events.flush();
  expect(await database.published(RoomDeleted)).toEqual([{ roomId: 'r1', deletedAt: undefined }]);
  expect(seen).toEqual(['u1']);
  await events.close();
});
