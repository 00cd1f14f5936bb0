export { EmbeddedPostgres, type EmbeddedOptions } from './embedded-postgres.js';
export { EmbeddedPostgresError, type EmbeddedPostgresReason } from './postgres-failure.js';
