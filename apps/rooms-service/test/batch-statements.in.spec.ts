import { callerOf, contextOf, testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { beforeAll, expect, it, vi } from 'vitest';
import { getRooms } from '../src/rpc/get-rooms.js';
import { listMembers } from '../src/rpc/list-members.js';
import { listRooms } from '../src/rpc/list-rooms.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';
import { haveRoom } from './rooms.fixtures.js';

let database: TestDatabase<Tables>;
const roomIds: string[] = [];

beforeAll(async () => {
  database = await testDatabase<Tables>({ schema: 'rooms', migrations });
  for (const type of ['public', 'private', 'direct'] as const)
    roomIds.push(await haveRoom(database.db, type, { alice: 'admin', carol: 'member' }));
});

async function statementsOf(batch: () => Promise<unknown>): Promise<number> {
  const statements = vi.spyOn(database.db.getExecutor(), 'executeQuery');
  await batch();
  const count = statements.mock.calls.length;
  statements.mockRestore();
  return count;
}

const everybody = (['alice', 'carol', 'dave', 'gina'] as const).map((who) => callerOf(who));
const perRoom = <Request>(requestOf: (roomId: string) => Request) =>
  everybody.flatMap((caller) => roomIds.map((roomId) => ({ caller, request: requestOf(roomId) })));

it('a batch of rooms is one statement', async () => {
  const items = perRoom((roomId) => ({ roomId }));
  expect(await statementsOf(() => getRooms(database.db, items, contextOf()))).toBe(1);
});

it('a batch of member pages is one statement for the rooms and one for the members', async () => {
  const items = perRoom((roomId) => ({ roomId, pageSize: 10, descending: false, after: undefined }));
  expect(await statementsOf(() => listMembers(database.db, items, contextOf()))).toBe(2);
});

it('a batch of lists is one statement for each kind and order', async () => {
  const list = (differs: object) => ({
    joinable: false,
    order: 'ascending' as const,
    pageSize: 10,
    memberId: undefined,
    after: undefined,
    ...differs,
  });
  const items = everybody.flatMap((caller) => [
    { caller, request: list({}) },
    { caller, request: list({ joinable: true }) },
    { caller, request: list({ memberId: caller.subject }) },
    { caller, request: list({ memberId: userIds.bob }) },
    { caller, request: list({ memberId: caller.subject, order: 'last-activity' }) },
  ]);
  expect(await statementsOf(() => listRooms(database.db, items, contextOf()))).toBe(4);
});
