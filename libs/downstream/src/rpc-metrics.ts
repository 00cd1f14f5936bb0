import { counter, histogram } from '@facet/observability';
import type { ProblemError } from '@facet/errors';

const rpcs = counter({
  name: 'facet_downstream_rpcs_total',
  help: 'RPCs that this process made on the wire, by dependency, method and outcome.',
  labels: ['dependency', 'method', 'outcome'],
});

const items = histogram({
  name: 'facet_downstream_batch_items',
  help: 'Calls that travelled together in one RPC of a method that batches.',
  labels: ['dependency', 'method'],
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
});

/** Counts one RPC that ended; without an error it succeeded. */
export function countRpc(dependency: string, path: string, error: ProblemError | undefined): void {
  rpcs.inc({ dependency, method: methodIn(path), outcome: error?.code ?? 'ok' });
}

/** Counts how many calls travelled in one RPC. */
export function countItems(dependency: string, path: string, count: number): void {
  items.observe({ dependency, method: methodIn(path) }, count);
}

function methodIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
