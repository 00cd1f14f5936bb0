import { UserCreated } from '@facet/contracts/users';
import { callerOf, contextOf, importer } from '@facet/testing';
import { beforeAll, expect, it } from 'vitest';
import { startUsers } from './users.fixtures.js';

const hamlet = { id: '01930000-0000-7000-8000-000000000001', username: 'hamlet', name: 'Hamlet' };
const horatio = { id: '01930000-0000-7000-8000-000000000002', username: 'horatio', name: 'Horatio' };

let service: Awaited<ReturnType<typeof startUsers>>;

beforeAll(async () => {
  service = await startUsers();
});

const load = (users: readonly object[]) => service.importing.imports.importUsers({ users: [...users] }, contextOf(importer));
const profiles = () => service.database.db.selectFrom('profile').select(['username', 'name', 'email']).orderBy('username').execute();

it('creates those who are new, keeps the others, and publishes the new ones alone', async () => {
  expect(await load([hamlet])).toEqual({ created: 1 });
  expect(await load([{ ...hamlet, name: 'Somebody else' }, horatio])).toEqual({ created: 1 });
  expect(await load([hamlet, horatio])).toEqual({ created: 0 });

  expect(await profiles()).toEqual([
    { username: 'hamlet', name: 'Hamlet', email: null },
    { username: 'horatio', name: 'Horatio', email: null },
  ]);
  await service.settle();
  expect((await service.database.published(UserCreated)).map(({ username }) => username)).toEqual(['hamlet', 'horatio']);
});

it('the same user twice in one import is one user', async () => {
  const ophelia = { id: '01930000-0000-7000-8000-000000000003', username: 'ophelia', name: 'Ophelia' };
  expect(await load([ophelia, ophelia])).toEqual({ created: 1 });
});

it('refuses a username that belongs to somebody else, names it, and creates nobody', async () => {
  await load([hamlet]);
  const other = { id: '01930000-0000-7000-8000-00000000000a', username: 'hamlet', name: 'Another Hamlet' };
  const fresh = { id: '01930000-0000-7000-8000-00000000000b', username: 'yorick', name: 'Yorick' };
  await expect(load([fresh, other])).rejects.toMatchObject({ code: 'conflict', errors: [{ pointer: '/users/1/username' }] });
  expect((await profiles()).map(({ username }) => username)).not.toContain('yorick');
});

it('creates a thousand at once', async () => {
  const crowd = Array.from({ length: 1_000 }, (_, index) => ({
    id: `01940000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    username: `extra-${index}`,
    name: `Extra ${index}`,
    createdAt: new Date('2026-06-01T00:00:00Z'),
  }));
  expect(await load(crowd)).toEqual({ created: 1_000 });
  await expect(load([...crowd, hamlet])).rejects.toMatchObject({ code: 'validation-failed' });
});

it('is for the importer alone', async () => {
  for (const who of ['alice', 'carol', 'gina'] as const) {
    const request = service.clients.imports.importUsers({ users: [horatio] }, contextOf(callerOf(who)));
    await expect(request).rejects.toMatchObject({ code: 'forbidden' });
  }
});
