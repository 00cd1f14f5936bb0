import { sql } from 'kysely';
import { newId } from '@facet/database';
import { sequentialScans, testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { beforeAll, expect, it } from 'vitest';
import { deleteOfMessage, deleteOfRoom, deleteOrphans, deleteUnposted, markPosted, selectAttachments } from '../src/store/attachments.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables, Tx } from '../src/store/tables.js';

let database: TestDatabase<Tables>;
const [id, messageId, roomId] = [newId(), newId(), newId()];

beforeAll(async () => {
  database = await testDatabase<Tables>({ schema: 'media', migrations });
  const { db } = database;
  await sql`insert into attachment (id, owner_id, name, type, size, hash, thumbnails, created_at, message_id, room_id)
    select gen_random_uuid(), gen_random_uuid(), 'x', 'text/plain', 1, 'h', '{}', now() - n * interval '1 minute',
      case when n % 50 > 0 then gen_random_uuid() end, case when n % 50 > 0 then gen_random_uuid() end
    from generate_series(1, 50000) n`.execute(db);
  await sql`vacuum analyze attachment`.execute(db);
});

it.each([
  ['some of them', (tx: Tx) => selectAttachments(tx, [id])],
  ['posting', (tx: Tx) => markPosted(tx, { ids: [id], messageId, roomId, authorId: userIds.carol })],
  ['those of a message', (tx: Tx) => deleteOfMessage(tx, messageId)],
  ['those of a room', (tx: Tx) => deleteOfRoom(tx, roomId)],
  ['taking one back', (tx: Tx) => deleteUnposted(tx, id, userIds.carol)],
  ['those that no message has', (tx: Tx) => deleteOrphans(tx, new Date(), 100)],
  ['how much a user has', () => sql`select sum(size) from attachment where owner_id = ${userIds.carol} and message_id is null`],
])('%s: no table is read from end to end', async (_, statement) => {
  const { db } = database;
  expect(await sequentialScans(db, statement(db as Tx))).toEqual([]);
});
