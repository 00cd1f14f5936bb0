import { ProblemError } from '@facet/errors';
import { UsersImportService, UsersService } from '@facet/contracts/users/grpc';
import { userIds } from '@facet/testing';
import { accessSuite, roleCallers, roleContext, rpcCallers, RpcLines, type RoleCaller } from '@facet/testing/access';
import { afterAll } from 'vitest';
import { people, startUsers } from './users.fixtures.js';

const service = await startUsers();
afterAll(() => service.stop());
await service.database.db
  .insertInto('profile')
  .values([...people])
  .execute();

const of = (role: RoleCaller) => (role === 'importer' ? service.importing : service.clients);
const own = (role: RoleCaller) => (role === 'importer' ? userIds.carol : roleCallers[role].subject);
const get = async (role: RoleCaller, userId: string) => (await of(role).users.getUser({ userId }, roleContext(role))).user!;
/** What is left out of an answer was refused as well. */
const shown = (part: unknown) => {
  if (part === undefined) throw new ProblemError('forbidden');
};

const lines = new RpcLines(service.target, [UsersService, UsersImportService]);
lines.add("GetUser: one's own", 'user:read', (role) => get(role, own(role)));
lines.add("GetUser: another's name", 'byline:read', (role) => get(role, userIds.dave));
lines.add("GetUser: another's profile", 'user:read', async (role) => shown((await get(role, userIds.dave)).about));
lines.add("GetUser: one's own e-mail", 'email:read', async (role) => shown((await get(role, own(role))).email));
lines.add("GetUser: another's e-mail", 'email:read', async (role) => shown((await get(role, userIds.dave)).email));
lines.add("UpdateUser: one's own", 'user:update', (role) =>
  of(role).users.updateUser({ userId: own(role), about: 'new' }, roleContext(role)),
);
lines.add("UpdateUser: another's", 'user:update', (role) =>
  of(role).users.updateUser({ userId: userIds.dave, about: 'new' }, roleContext(role)),
);
lines.add('ImportUsers', 'import', (role) => of(role).imports.importUsers({ users: [] }, roleContext(role)));

await accessSuite({ application: 'users-service', people: rpcCallers, lines: lines.all(), together: true });
