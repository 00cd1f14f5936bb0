import { UsersImportService, UsersService } from '@facet/contracts/users/grpc';
import { callerOf, startService, userIds, type TestUser } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import { migrations } from '../src/store/migrations.js';
import type { Profile, Tables } from '../src/store/tables.js';

const since = new Date('2026-11-01T12:00:00.000Z');

export const startUsers = () =>
  startService<Tables, { users: typeof UsersService; imports: typeof UsersImportService }>({
    name: 'users-service',
    schema: 'users',
    migrations,
    services: { users: UsersService, imports: UsersImportService },
    module: AppModule.forRoot,
  });

export function aProfile(differs: Partial<Profile> = {}): Profile {
  return {
    id: userIds.alice,
    username: 'alice',
    name: 'Alice',
    about: 'Sees all',
    avatar_url: 'https://pictures.example/alice.png',
    email: 'alice@demo.example',
    created_at: since,
    updated_at: since,
    deleted_at: null,
    ...differs,
  };
}

/** The people of the demo world who are not the caller's own invention. */
export const people: readonly Profile[] = (Object.entries(userIds) as [TestUser, string][]).map(([username, id]) =>
  aProfile({ id, username, name: username, about: `About ${username}`, email: `${username}@demo.example` }),
);

export const withoutScopes = (who: TestUser) => ({ ...callerOf(who), scopes: [] });
