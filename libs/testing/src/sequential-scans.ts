import { CompiledQuery, type Compilable, type Kysely, type RawBuilder } from 'kysely';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/**
 * sequentialScans: the tables that a statement would read from end to end, by PostgreSQL's own plan for these very parameters. Fill and analyse the
 * tables first: a small table is always read whole.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Kysely is invariant in its tables.
export async function sequentialScans(db: Kysely<any>, statement: Compilable | RawBuilder<unknown>): Promise<string[]> {
  const { sql, parameters } = statement.compile(db);
  const explained = await db.executeQuery<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    CompiledQuery.raw(`explain (format json) ${sql}`, [...parameters]),
  );
  return explained.rows.flatMap((row) => scansIn(row['QUERY PLAN'][0].Plan));
}

function scansIn(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] ? [plan['Relation Name']] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansIn)];
}
