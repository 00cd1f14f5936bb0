import { ProblemError } from '@facet/errors';

const maxPages = 20;

interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
}

/** All rows of a list that the schema shows whole, page after page. A list that never ends is refused rather than cut. */
export async function everyPage<Row>(
  fetch: (after: string | undefined) => Promise<ListPage<Row>>,
  idOf: (row: Row) => string,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  let last: Row | undefined;
  for (let page = 1; page <= maxPages; page += 1) {
    const { rows, more } = await fetch(last && idOf(last));
    all.push(...rows);
    last = rows.at(-1);
    if (!more || !last) return all;
  }
  throw new ProblemError('query-too-costly', { detail: `A list here has more than ${all.length} rows.` });
}
