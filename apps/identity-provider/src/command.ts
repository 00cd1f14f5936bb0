import { openDatabase } from '@facet/database';
import { readConfig } from './config.js';
import type { Tables } from './store/tables.js';
import { runCommand } from './upkeep/run-command.js';

const config = readConfig();
const db = openDatabase<Tables>({ url: config.DATABASE_URL, schema: 'identity', applicationName: 'identity-provider-command' });
try {
  process.stdout.write(`${await runCommand(process.argv[2], db, config, process.argv.slice(3))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await db.destroy();
}
