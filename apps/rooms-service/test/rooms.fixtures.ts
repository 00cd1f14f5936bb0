import type { Caller } from '@facet/context';
import { RoomsImportService, RoomsService } from '@facet/contracts/rooms/grpc';
import { newId } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { callerOf, contextOf, startService, userIds, type TestUser } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import { migrations } from '../src/store/migrations.js';
import type { Db, Member, Room, Tables } from '../src/store/tables.js';

export const nobody = '01900000-0000-7000-8000-0000000000ff';
export const users: readonly TestUser[] = ['alice', 'bob', 'carol', 'dave', 'gina'];
const since = new Date('2026-11-01T12:00:00.000Z');

/** With all people of the demo world known. */
export async function startRooms() {
  const service = await startService<Tables, { rooms: typeof RoomsService; imports: typeof RoomsImportService }>({
    name: 'rooms-service',
    schema: 'rooms',
    migrations,
    services: { rooms: RoomsService, imports: RoomsImportService },
    module: AppModule.forRoot,
  });
  await service.database.db
    .insertInto('known_user')
    .values(Object.values(userIds).map((id) => ({ id })))
    .execute();
  return service;
}

export type Rooms = Awaited<ReturnType<typeof startRooms>>;

type Place = Partial<Record<TestUser, Member['role']>>;

/** A room with these people in it, that was there before. */
export async function haveRoom(db: Db, type: Room['type'], members: Place, differs: Partial<Room> = {}): Promise<string> {
  const id = differs.id ?? newId();
  const people = Object.entries(members) as [TestUser, Member['role']][];
  const room = {
    id,
    type,
    name: type === 'direct' ? '' : `A ${type} room`,
    topic: null,
    created_by: userIds.alice,
    created_at: since,
    updated_at: since,
    last_activity_at: since,
    member_count: people.length,
    direct_members: type === 'direct' ? people.map(([user]) => userIds[user]).sort() : null,
    deleted_at: null,
    ...differs,
  };
  await db.insertInto('room').values(room).execute();
  const rows = people.map(([user, role]) => ({ room_id: id, user_id: userIds[user], role, joined_at: since }));
  if (rows.length > 0) await db.insertInto('member').values(rows).execute();
  return id;
}

/** The answer, or the code of the problem. */
export async function outcome<T>(answer: Promise<T>): Promise<T | string> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
}

export const as = (who: TestUser | Caller) => contextOf(typeof who === 'string' ? callerOf(who) : who);

export const membersIn = async (db: Db, roomId: string) => {
  const rows = await db.selectFrom('member').selectAll().where('room_id', '=', roomId).execute();
  return rows.length;
};
