import type { Call } from './call.js';

/** BatchBounds: how large a batch may be. */
export interface BatchBounds {
  readonly mostItems: number;
  /** Of the requests, and of the answers as far as they can be foreseen. */
  readonly mostBytes: number;
  /** What one answer weighs, from what was seen. */
  bytesPerAnswer(): number;
}

/** HomeOf: the instance that a call belongs to, if any. */
export type HomeOf = (call: Call) => unknown;

/** Token and framing of an item, about. */
const overheadBytes = 16;

/**
 * formBatches: calls in groups that may travel together: remaining times (of the least patient who waits for each) within a factor of two
 * of the most urgent one's, and no more items and bytes than the bounds say, and one home where calls have homes. The group of who has waited longest comes first, so that no
 * stream of urgent calls holds up the patient.
 */
export function formBatches(calls: readonly Call[], bounds: BatchBounds, now: number, homeOf?: HomeOf): readonly (readonly Call[])[] {
  if (calls.length < 2) return calls.length === 0 ? [] : [calls];
  const batches = homeOf
    ? [...Map.groupBy(calls, homeOf).values()].flatMap((group) => batchesOf(group, bounds, now))
    : batchesOf(calls, bounds, now);
  return batches.length < 2 ? batches : batches.toSorted((a, b) => oldestOf(a) - oldestOf(b));
}

function batchesOf(calls: readonly Call[], bounds: BatchBounds, now: number): Call[][] {
  const mostItems = Math.max(1, Math.min(bounds.mostItems, Math.floor(bounds.mostBytes / Math.max(1, bounds.bytesPerAnswer()))));
  const batches: Call[][] = [];
  let batch: Call[] = [];
  let patience = -Infinity;
  let bytes = 0;
  for (const call of byUrgency(calls)) {
    const remaining = call.nextDeadline - now;
    const weight = call.bytes.length + call.token.length + overheadBytes;
    if (remaining > patience || batch.length >= mostItems || bytes + weight > bounds.mostBytes) {
      if (remaining > patience) patience = 2 * remaining;
      batches.push((batch = []));
      bytes = 0;
    }
    batch.push(call);
    bytes += weight;
  }
  return batches;
}

/** oldestOf: since when the first of some calls has been waiting; monotonic milliseconds. */
export function oldestOf(calls: readonly Call[]): number {
  let since = Infinity;
  for (const call of calls) since = Math.min(since, call.since);
  return since;
}

/** By the next deadline; as they came where that is so already. */
function byUrgency(calls: readonly Call[]): readonly Call[] {
  for (let at = 1; at < calls.length; at++)
    if (calls[at]!.nextDeadline < calls[at - 1]!.nextDeadline) return calls.toSorted((a, b) => a.nextDeadline - b.nextDeadline);
  return calls;
}
