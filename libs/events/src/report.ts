import type { Report } from './event-bus.js';

type Log = Record<Parameters<Report>[0], (message: string) => void>;

/** Reports to an application's log. */
export const reportTo =
  (log: Log): Report =>
  (level, message, error) => {
    const reason = error instanceof Error ? error.message : error;
    log[level](reason === undefined ? message : `${message}: ${String(reason)}`);
  };
