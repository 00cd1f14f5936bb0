import type { Endpoint } from './endpoint.js';
import type { Report } from './report.js';
import { staticTable } from './static-table.js';

/** Listener: is told the whole table, each time that it is another. */
export type Listener = (endpoints: readonly Endpoint[]) => void;

/** Discovery: a target that is followed. */
export interface Discovery {
  /** Milliseconds since the registry last confirmed the table, or since it was first asked; 0 for `static:`. */
  readonly ageMs: number;
  /** Follows no more, and tells nothing more. */
  close(): void;
}

/** DiscoverOptions: where to say that a registry is away; clock and chance for tests. */
export interface DiscoverOptions {
  readonly report: Report;
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * discover: follows a target and tells `listener` its table: at once where it is known (`static:`, before this returns), and each time that it changes.
 * Never tells an empty table because a registry is away; an empty answer of one that lives is an empty table. Throws at once, with a text, where the
 * target cannot be read.
 */
export function discover(target: string, listener: Listener, _options: DiscoverOptions): Discovery {
  if (!target.startsWith('static:')) throw new Error(`The target ${target} must begin with static:`);
  listener(staticTable(target));
  return { ageMs: 0, close: () => undefined };
}
