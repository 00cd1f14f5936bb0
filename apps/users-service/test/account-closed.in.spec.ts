import { AccountClosed, AccountOpened } from '@facet/contracts/accounts';
import { UserDeleted } from '@facet/contracts/users';
import { event } from '@facet/events';
import { callerOf, contextOf, importer, userIds } from '@facet/testing';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { aProfile, startUsers } from './users.fixtures.js';

let service: Awaited<ReturnType<typeof startUsers>>;

beforeEach(async () => {
  await service?.stop();
  service = await startUsers();
  await service.database.db
    .insertInto('profile')
    .values([aProfile({ id: userIds.carol, username: 'carol', name: 'Carol' })])
    .execute();
});

const closedAt = new Date('2026-11-20T09:00:00.000Z');
const closing = event(AccountClosed, { key: userIds.carol }, { accountId: userIds.carol, closedAt });
const opening = (accountId: string) => {
  const account = { accountId, username: 'carol', name: 'Carol', email: 'carol@demo.example', role: 'user', openedAt: closedAt };
  return event(AccountOpened, { key: accountId }, account);
};

async function tell(...events: Parameters<typeof service.database.emit>[0]): Promise<void> {
  await service.database.emit(events);
  await service.settle();
}

const seenBy = async (who: 'alice' | 'bob' | 'gina') =>
  (await service.clients.users.getUser({ userId: userIds.carol }, contextOf(callerOf(who)))).user;

it('of who closed the account nothing is left but a tombstone, whoever asks', async () => {
  await tell(closing);
  const { rows } = await sql<{ row: string }>`select profile::text as row from profile`.execute(service.database.db);
  expect(rows.map(({ row }) => row).join()).not.toMatch(/carol|Sees all|pictures/i);
  const tombstone = { id: userIds.carol, username: `deleted-${userIds.carol}`, name: 'Deleted user' };
  for (const who of ['alice', 'bob', 'gina'] as const) {
    expect(await seenBy(who)).toMatchObject({ ...tombstone, about: undefined, avatarUrl: undefined, email: undefined });
  }
});

it('the others learn of it once', async () => {
  await tell(closing);
  await tell(event(AccountClosed, { key: userIds.carol }, { accountId: userIds.carol, closedAt }));
  expect(await service.database.published(UserDeleted)).toEqual([{ userId: userIds.carol, deletedAt: closedAt }]);
});

it.each(['carol', 'alice'] as const)('a tombstone is changed by nobody: not by %s', async (who) => {
  await tell(closing);
  const change = service.clients.users.updateUser({ userId: userIds.carol, name: 'Carol' }, contextOf(callerOf(who)));
  await expect(change).rejects.toMatchObject({ code: 'not-found' });
});

it('a tombstone stays one, whatever is imported or opened under its id', async () => {
  await tell(closing);
  await service.importing.imports.importUsers({ users: [{ id: userIds.carol, username: 'carol', name: 'Carol' }] }, contextOf(importer));
  await tell(opening(userIds.carol));
  expect(await seenBy('alice')).toMatchObject({ name: 'Deleted user', email: undefined });
});

it('the username is free for somebody else', async () => {
  await tell(closing);
  await tell(opening(userIds.dave));
  const { user } = await service.clients.users.getUser({ userId: userIds.dave }, contextOf(callerOf('alice')));
  expect(user?.username).toBe('carol');
});

it('who was never heard of before leaves a tombstone as well', async () => {
  await tell(event(AccountClosed, { key: userIds.gina }, { accountId: userIds.gina, closedAt }));
  const { user } = await service.clients.users.getUser({ userId: userIds.gina }, contextOf(callerOf('alice')));
  expect(user?.name).toBe('Deleted user');
});
