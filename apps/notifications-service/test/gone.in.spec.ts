import { UserDeleted } from '@facet/contracts/users';
import { newId } from '@facet/database';
import { event } from '@facet/events';
import { userIds } from '@facet/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { posted, rooms, startWorld, type World } from './world.fixtures.js';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

it('of who is gone nothing is kept that only they would read, and nobody else misses anything', async () => {
  await world.tell(posted('alice', rooms.general, { messageId: newId(), content: '@bob and @carol' }));
  await world.tell(posted('bob', rooms.general));
  await world.tell(event(UserDeleted, { key: userIds.bob }, { userId: userIds.bob, deletedAt: new Date() }));
  const { rows } = await sql<{ id: string }>`
    select id::text from known_user union all select user_id::text from notification
    union all select user_id::text from read_marker union all select user_id::text from seen_marker`.execute(world.database.db);
  expect(rows.map(({ id }) => id)).not.toContain(userIds.bob);
  expect(await world.feed('carol')).toHaveLength(1);
});

it('their name notifies nobody any more', async () => {
  await world.tell(posted('alice', rooms.general, { content: 'where is @bob?' }));
  expect(await world.feed('bob')).toEqual([]);
});
