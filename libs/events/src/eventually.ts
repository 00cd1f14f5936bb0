import { setTimeout as pause } from 'node:timers/promises';
import type { Lifetime } from '@facet/database';

const pausesMs = [50, 100, 200, 350];

/**
 * eventually: asks a read model that may be a moment behind, again after 50, 100, 200 and 350 ms, until there is an answer. Gives up early, with nothing, when the
 * context has no time left for another look or nobody waits any more. `find` says "not yet" by undefined.
 */
export async function eventually<Found>(find: () => Promise<Found | undefined>, context?: Lifetime): Promise<Found | undefined> {
  let found = await find();
  for (const ms of pausesMs) {
    if (found !== undefined || context?.signal.aborted) return found;
    if (context && context.deadline - Date.now() <= ms) return undefined;
    await pause(ms, undefined, { signal: context?.signal }).catch(() => undefined);
    found = await find();
  }
  return found;
}
