import { callerOf, contextOf, testDatabase, userIds } from '@facet/testing';
import { expect, it, vi } from 'vitest';
import { getUsers } from '../src/rpc/get-users.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';
import { people } from './users.fixtures.js';

it('a batch is one statement, whoever asks for whom', async () => {
  const { db } = await testDatabase<Tables>({ schema: 'users', migrations });
  await db
    .insertInto('profile')
    .values([...people])
    .execute();
  const items = (['alice', 'carol', 'gina'] as const).flatMap((who) =>
    Object.values(userIds).map((userId) => ({ caller: callerOf(who), request: { userId } })),
  );
  const statements = vi.spyOn(db.getExecutor(), 'executeQuery');

  const answers = await getUsers(db, items, contextOf());

  expect(answers).toHaveLength(15);
  expect(statements).toHaveBeenCalledTimes(1);
});
