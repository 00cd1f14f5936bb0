export { startIssuer, type TestIssuer, type TokenRequest } from './access-tokens.js';
export { callerOf, contextOf, userIds, type TestContextOptions, type TestUser } from './callers.js';
export { aMember, aMessage, aNotification, aRoom, aUser, idOf } from './entities.js';
export { offeredServers } from './config.js';
export type { TestEventLog } from './event-log.js';
export { testDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.js';
export { GrpcFake, startGrpcFake, type FakeHandlers } from './grpc-fake.js';
export { sequentialScans } from './sequential-scans.js';
export { importer, startService, type RunningService, type ServiceOptions } from './start-service.js';
