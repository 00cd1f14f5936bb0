import { sightOf } from '@facet/auth';
import { inboxMigrations } from '@facet/events';
import { callerOf, contextOf, idOf, testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { awaitAccess, canSee, isVisibleRoom, membershipMigrations, type MembershipTables } from '../src/index.js';

const [open, closed, between, gone] = [idOf(1), idOf(2), idOf(3), idOf(4)];
const users = ['alice', 'bob', 'carol', 'dave', 'gina'] as const;
let database: TestDatabase<MembershipTables>;

beforeAll(async () => {
  database = await testDatabase({ schema: 'presence', migrations: { ...inboxMigrations, ...membershipMigrations } });
  const room = (id: string, type: 'public' | 'private' | 'direct', deleted = false) => ({ id, type, created_by: userIds.bob, deleted });
  await database.db
    .insertInto('known_room')
    .values([room(open, 'public'), room(closed, 'private'), room(between, 'direct'), room(gone, 'public', true)])
    .execute();
  await join(closed, userIds.bob);
  await join(between, userIds.carol);
  await join(closed, userIds.gina);
});

async function join(room_id: string, user_id: string): Promise<void> {
  await database.db.insertInto('known_member').values({ room_id, user_id, role: 'member', joined_at: new Date() }).execute();
}

test('a membership that arrives a moment later is waited for', async () => {
  const waiting = awaitAccess(database.db, [{ roomId: between, caller: callerOf('bob') }], contextOf('bob'));
  await join(between, userIds.bob);
  expect((await waiting)[0]?.role).toBe('member');
});

test('who is refused in the end is still answered by position, with half of the time left', async () => {
  const context = contextOf('dave', { timeoutMs: 400 });
  const visits = [closed, open, gone].map((roomId) => ({ roomId, caller: callerOf('dave') }));
  const found = await awaitAccess(database.db, visits, context);
  expect(found.map((access) => access?.roomId)).toEqual([closed, open, undefined]);
  expect(context.remainingMs()).toBeGreaterThan(0);
});

test('SQL and canSee agree about everybody and every room', async () => {
  for (const caller of users.map((user) => callerOf(user))) {
    const viewer = sql`${caller.subject}::uuid`;
    const { rows } = await sql<{ id: string }>`select id from known_room
      where ${isVisibleRoom(sql`known_room.id`, viewer, sql`${sightOf(caller)}::text`)}`.execute(database.db);
    const rooms = [open, closed, between, gone];
    const access = await awaitAccess(
      database.db,
      rooms.map((roomId) => ({ roomId, caller })),
      contextOf(caller, { timeoutMs: 50 }),
    );
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(rooms.filter((_, at) => canSee(access[at], caller))));
  }
});
