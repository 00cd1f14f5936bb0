import { AccountOpened } from '@facet/contracts/accounts';
import { UserCreated } from '@facet/contracts/users';
import { event } from '@facet/events';
import { contextOf, importer, userIds } from '@facet/testing';
import { beforeEach, expect, it } from 'vitest';
import { aProfile, startUsers } from './users.fixtures.js';

let service: Awaited<ReturnType<typeof startUsers>>;

beforeEach(async () => {
  await service?.stop();
  service = await startUsers();
});

const openedAt = new Date('2026-10-01T08:00:00.000Z');
const dave = { accountId: userIds.dave, username: 'dave', name: 'Dave', email: 'dave@demo.example', role: 'user', openedAt };

async function open(account: Partial<AccountOpened> = {}): Promise<void> {
  const opened = { ...dave, ...account };
  await service.database.emit([event(AccountOpened, { key: opened.accountId }, opened)]);
  await service.settle();
}

const profiles = () => service.database.db.selectFrom('profile').selectAll().orderBy('id').execute();

it('whoever can sign in has a profile, and the others learn of it', async () => {
  await open();
  expect(await profiles()).toEqual([
    aProfile({
      id: userIds.dave,
      username: 'dave',
      name: 'Dave',
      about: null,
      avatar_url: null,
      email: 'dave@demo.example',
      created_at: openedAt,
      updated_at: openedAt,
    }),
  ]);
  await service.settle();
  expect(await service.database.published(UserCreated)).toEqual([
    { userId: userIds.dave, username: 'dave', name: 'Dave', createdAt: openedAt },
  ]);
});

it('a bot without an e-mail address has a profile as well', async () => {
  await open({ email: '' });
  expect(await profiles()).toMatchObject([{ email: null }]);
});

it('an imported profile keeps its name, gets the e-mail address, and is published once', async () => {
  const imported = { id: userIds.dave, username: 'dave', name: 'Dave of the play' };
  await service.importing.imports.importUsers({ users: [imported] }, contextOf(importer));
  await open();
  expect(await profiles()).toMatchObject([{ name: 'Dave of the play', email: 'dave@demo.example' }]);
  await service.settle();
  expect(await service.database.published(UserCreated)).toHaveLength(1);
});

it('an account whose username an import gave to somebody else has a profile all the same', async () => {
  const namesake = { id: userIds.carol, username: 'dave', name: 'Dave the Elder' };
  await service.importing.imports.importUsers({ users: [namesake] }, contextOf(importer));
  await open();
  expect((await profiles()).map(({ username }) => username)).toEqual(['dave', `dave-${userIds.dave.slice(-6)}`]);
});
