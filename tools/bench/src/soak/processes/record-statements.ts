import pg from 'pg';

/** A statement's last parameter where it is to be recorded. */
export const mark = 'soak ';

type Recorder = (about: string) => () => void;

type Query = (this: pg.Client, ...given: unknown[]) => unknown;

/** recordStatements: tells of each marked statement that goes to PostgreSQL, and, by what is given back, that PostgreSQL is done with it. */
export function recordStatements(began: Recorder): void {
  const { query } = pg.Client.prototype as unknown as { query: Query };
  Object.assign(pg.Client.prototype, {
    query(this: pg.Client, ...given: unknown[]): unknown {
      const values: unknown = given[1];
      const last: unknown = Array.isArray(values) ? values.at(-1) : undefined;
      const ended = typeof last === 'string' && last.startsWith(mark) ? began(last.slice(mark.length)) : undefined;
      const result = query.apply(this, given);
      if (ended && result instanceof Promise) result.then(ended, ended);
      return result;
    },
  });
}
