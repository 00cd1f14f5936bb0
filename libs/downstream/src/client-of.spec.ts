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
    policy: {},
  });
});

it('its backup, its balancing and the zone of the caller are settings too, over what the code says of its policy', () => {
  const config = {
    USERS_TARGET: 'dns:users:5051',
    USERS_BACKUP_TARGET: 'static:10.1.0.1:5051',
    USERS_BALANCING: 'ip_hash' as const,
    USERS_DEADLINE_MS: 500,
    ZONE: 'a',
  };
  const policy = { balance: { policy: 'nearest' as const, hashOn: 'request.userId' as const }, hedgeAfterMs: 50 };
  expect(clientOf('users', UsersService, config, policy)).toMatchObject({
    target: 'dns:users:5051',
    backupTarget: 'static:10.1.0.1:5051',
    zone: 'a',
    policy: { balance: { policy: 'ip_hash', hashOn: 'request.userId' }, hedgeAfterMs: 50 },
  });
});
