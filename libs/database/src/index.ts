export { openDatabase, type Database, type DatabaseOptions } from './open-database.js';
export { connectionSettings } from './open-database.js';
export { within, type Lifetime } from './within.js';
export { isUniqueViolation } from './problem-of.js';
export { migrate, type Migrations } from './migrate.js';
export { newId } from './new-id.js';
export {
  DATABASE_OPTIONS,
  DatabaseClosing,
  DatabaseHealth,
  DatabaseModule,
  InjectDatabase,
  type DatabaseModuleOptions,
} from './database.module.js';
