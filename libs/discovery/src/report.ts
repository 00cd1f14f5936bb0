/** Report: where discovery says that a registry is away, is back, or tells what cannot be used. */
export type Report = (level: 'info' | 'warn', message: string, error?: unknown) => void;

type Log = Record<Parameters<Report>[0], (fields: object, message: string) => void>;

/** reportTo: reports to an application's log. */
export const reportTo =
  (log: Log): Report =>
  (level, message, error) =>
    log[level](error === undefined ? {} : { error }, message);
