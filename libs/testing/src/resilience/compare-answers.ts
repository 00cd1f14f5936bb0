/** Differences: in what an answer differs from the healthy one, as JSON pointers. */
export interface Differences {
  /** Where there is null and was something. */
  readonly missing: readonly string[];
  /** Every other place. */
  readonly changed: readonly string[];
}

/** compareAnswers: compares two answers, down to the smallest thing that differs. Lists that differ in length differ as a whole: nothing may make a list shorter. */
export function compareAnswers(healthy: unknown, seen: unknown): Differences {
  const differences = { missing: [] as string[], changed: [] as string[] };
  compare(healthy, seen, '', differences);
  return differences;
}

function compare(healthy: unknown, seen: unknown, at: string, found: { missing: string[]; changed: string[] }): void {
  if (Object.is(healthy, seen)) return;
  if (seen === null) found.missing.push(at);
  else if (!isObject(healthy) || !isObject(seen) || lengthOf(healthy) !== lengthOf(seen)) found.changed.push(at);
  else for (const key of new Set([...Object.keys(healthy), ...Object.keys(seen)])) compare(healthy[key], seen[key], `${at}/${key}`, found);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function lengthOf(value: object): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}
