import type { Logger } from '@facet/observability';

/** Report: where discovery says that a registry is away, is back, or tells what cannot be used. */
export type Report = (level: 'info' | 'warn', message: string, error?: unknown) => void;

/** reportTo: reports to an application's log. */
export const reportTo =
  (log: Pick<Logger, 'info' | 'warn'>): Report =>
  (level, message, error) =>
    log[level](error === undefined ? {} : { error }, message);

/** quietly: a report whose own failure troubles nobody: it is called where nobody could catch it. */
export const quietly =
  (report: Report): Report =>
  (...said) => {
    try {
      report(...said);
    } catch {
      // There is nobody left to tell.
    }
  };
