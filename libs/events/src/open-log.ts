import { openDatabase, type DatabaseOptions } from '@facet/database';
import type { Report, WatchBus } from './event-bus.js';
import { LogBus } from './log-bus.js';
import { logChannel } from './log-schema.js';
import { WakeUps } from './wake-ups.js';

/** The log on connections of its own: one that listens, one that reads. */
export function openLog(database: DatabaseOptions, report: Report): WatchBus {
  const db = openDatabase<unknown>(database);
  const wakeUps = new WakeUps(database, [logChannel], report);
  const bus = new LogBus(db, wakeUps, report);
  return {
    watch: (...asked) => bus.watch(...asked),
    close: async () => {
      await bus.close();
      await wakeUps.close();
      await db.destroy();
    },
  };
}
