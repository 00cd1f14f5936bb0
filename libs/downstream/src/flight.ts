import { DownstreamError } from '@facet/errors';
import { failureOf } from '@facet/service-kit/wire';
import type { Channel, OutgoingRpc } from './channel.js';
import { countRpc } from './rpc-metrics.js';
import type { Waiter } from './waiter.js';

/** FlightPlan: one RPC, who waits for it, and what its bytes mean to each of them. */
export interface FlightPlan {
  readonly dependency: string;
  readonly channel: Channel;
  readonly rpc: Omit<OutgoingRpc, 'deadline'>;
  readonly waiters: readonly Waiter[];
  /** Settles the waiters; what it throws means that the answer cannot be used. */
  readonly land: (bytes: Buffer) => void;
}

/**
 * launch: sends one RPC for its waiters. The RPC lasts until the last of their deadlines; a waiter with an earlier one leaves before. When nobody waits
 * any more, and only then, the RPC is cancelled.
 */
export function launch({ dependency, channel, rpc, waiters, land }: FlightPlan): void {
  const deadlines = waiters.map(({ deadline }) => deadline);
  const last = Math.max(...deadlines);
  const stopExpiring = Math.min(...deadlines) < last ? expireEach(dependency, waiters) : undefined;

  const cancel = channel.send({ ...rpc, deadline: last }, (failure, bytes) => {
    stopExpiring?.();
    const error = failure ? failureOf(dependency, failure, failure) : attempt(dependency, land, bytes);
    if (error) for (const waiter of waiters) waiter.reject(error);
    countRpc(dependency, rpc.path, error);
  });

  const leave = () => {
    if (waiters.every(({ settled }) => settled)) cancel();
  };
  for (const waiter of waiters) waiter.onLeave = leave;
}

/** The error where the answer is none that can be used. */
function attempt(dependency: string, land: FlightPlan['land'], bytes: Buffer | undefined): DownstreamError | undefined {
  try {
    if (!bytes) throw new Error('The answer has no message');
    land(bytes);
    return undefined;
  } catch (cause) {
    return new DownstreamError(dependency, 'invalid', { cause });
  }
}

/** One timer for all waiters of a flight, set to the next of their deadlines. */
function expireEach(dependency: string, waiters: readonly Waiter[]): () => void {
  let timer: NodeJS.Timeout;
  const arm = () => {
    const next = Math.min(...waiters.filter(({ settled }) => !settled).map(({ deadline }) => deadline));
    if (Number.isFinite(next)) timer = setTimeout(expire, next - Date.now());
  };
  const expire = () => {
    const now = Date.now();
    for (const waiter of waiters) waiter.expire(dependency, now);
    arm();
  };
  arm();
  return () => clearTimeout(timer);
}
