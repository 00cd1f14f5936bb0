import { newId } from '@facet/database';
import { findAccess } from '@facet/memberships';
import { sequentialScans, testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectAttachmentsForUpdate, selectKnownAttachments } from '../src/store/attachments.js';
import { migrations } from '../src/store/migrations.js';
import {
  selectAuthorOf,
  selectByClientId,
  selectLastId,
  selectMessageForUpdate,
  selectMessages,
  selectReactions,
} from '../src/store/messages.js';
import { selectPages, type Page } from '../src/store/pages.js';
import type { Tables, Tx } from '../src/store/tables.js';

type Statement = Parameters<typeof sequentialScans>[1];

const size = 100_000;
const tables = ['message', 'message_event', 'reaction', 'known_member', 'known_room', 'known_attachment'];

let database: TestDatabase<Tables>;
let tx: Tx;
let page: Page;
let messageId: string;

/** A UUIDv7 for a number, in SQL. */
const idFor = (kind: number, number: string) =>
  sql.raw(`(lpad(to_hex(${kind} * 1000000 + ${number}), 12, '0') || '70008000000000000000')::uuid`);

beforeAll(async () => {
  database = await testDatabase<Tables>({ schema: 'messages', migrations });
  const { db } = database;
  await sql`insert into known_room (id, type, created_by, deleted)
    select ${idFor(1, 'n')}, case n % 3 when 0 then 'public' else 'private' end, ${idFor(2, 'n')}, false from generate_series(1, ${size}::int) n`.execute(
    db,
  );
  await sql`insert into known_member (room_id, user_id, role, joined_at)
    select ${idFor(1, 'n')}, ${idFor(2, '(n % 200)')}, 'member', now() from generate_series(1, ${size}::int) n`.execute(db);
  await sql`insert into message (id, room_id, author_id, client_id, type, content, reactions, version, created_at, updated_at, edited)
    select ${idFor(3, 'n')}, ${idFor(1, '(n % 40 + 1)')}, ${idFor(2, '(n % 200)')}, ${idFor(3, 'n')}, 'text', 'hello',
      '[{"emoji":"👍","count":1}]', 1, now(), now(), false from generate_series(1, ${size}::int) n`.execute(db);
  await sql`insert into reaction (message_id, user_id, emoji)
    select ${idFor(3, 'n')}, ${idFor(2, '(n % 200)')}, '👍' from generate_series(1, ${size}::int) n`.execute(db);
  await sql`insert into message_event (message_id, version, type, at, data)
    select ${idFor(3, 'n')}, 1, 'posted', now(), '{}' from generate_series(1, ${size}::int) n`.execute(db);
  await sql`insert into known_attachment (id, owner_id, name, type, size, thumbnails)
    select ${idFor(4, 'n')}, ${idFor(2, '(n % 200)')}, 'a.png', 'image/png', 1, '{160}' from generate_series(1, ${size}::int) n`.execute(
    db,
  );
  for (const table of tables) await sql`analyze ${sql.table(table)}`.execute(db);

  tx = db as Tx;
  const row = await db.selectFrom('message').select(['id', 'room_id']).orderBy('id').offset(50_000).limit(1).executeTakeFirstOrThrow();
  messageId = row.id;
  page = { of: row.room_id, after: row.id, size: 30, viewer: userIds.alice, sight: 'own' };
});
afterAll(() => database.close());

const authorId = '00000000-0000-0000-0000-000000000000';
const statements: Record<string, () => Statement> = {
  'pages of rooms, newest first': () => selectPages({ by: 'room', ascending: false }, [page, page, { ...page, after: undefined }]),
  'pages of rooms, oldest first': () => selectPages({ by: 'room', ascending: true }, [page, page, { ...page, after: undefined }]),
  'pages of authors, newest first': () => selectPages({ by: 'author', ascending: false }, [page, { ...page, after: undefined }]),
  'pages of authors, oldest first': () => selectPages({ by: 'author', ascending: true }, [page, { ...page, after: undefined }]),
  'messages by id': () =>
    selectMessages([
      { messageId, viewer: userIds.alice },
      { messageId: newId(), viewer: userIds.bob },
    ]),
  'a message to change': () => selectMessageForUpdate(tx, messageId),
  'how somebody has reacted': () => selectReactions(tx, messageId, userIds.alice),
  'a message by client id': () => selectByClientId(tx, authorId, messageId),
  'the last id of a room': () => selectLastId(tx, page.of),
  'files that somebody wants to post': () => selectKnownAttachments(tx, [messageId, newId()]),
  'files that somebody posts': () => selectAttachmentsForUpdate(tx, [messageId, newId()]),
  'the author of what is answered': () => selectAuthorOf(database.db, messageId, page.of),
};

describe(`with ${size.toLocaleString('en')} rows`, () => {
  it.each(Object.keys(statements))('%s are found by an index', async (name) => {
    expect(await sequentialScans(database.db, statements[name]!())).toEqual([]);
  });

  it('a sequential scan would be seen', async () => {
    const unindexed = database.db.selectFrom('message').select('id').where('content', '=', 'x');
    expect(await sequentialScans(database.db, unindexed)).toEqual(['message']);
  });

  it('memberships are found by an index', async () => {
    expect(await findAccess(database.db, [{ roomId: page.of, userId: userIds.alice }])).toMatchObject([
      { roomId: page.of, role: undefined },
    ]);
  });
});
