import { UsersService } from '@facet/contracts/users/grpc';
import { expect, it } from 'vitest';
import { clientOf } from './client-of.js';

it('a service is known everywhere by its one name', () => {
  expect(clientOf('users', UsersService, { USERS_TARGET: 'static:127.0.0.1:5051', USERS_DEADLINE_MS: 500 })).toEqual({
    service: UsersService,
    dependency: 'users',
    audience: 'users-service',
    target: 'static:127.0.0.1:5051',
    deadlineMs: 500,
  });
});
