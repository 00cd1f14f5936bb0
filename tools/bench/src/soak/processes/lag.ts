import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late timers of a process were, in milliseconds: what the machine, and not the engine, adds to every wait. */
export interface Lag {
  /** Of 99 of 100. */
  readonly p99Ms: number;
  readonly mostMs: number;
}

const resolution = 5;
const nanoseconds = 1_000_000;

/** watchLag: begins to look; what is given back says what it was since then, and begins anew. */
export function watchLag(): () => Lag {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  return () => {
    const lag = { p99Ms: late(histogram.percentile(99)), mostMs: late(histogram.max) };
    histogram.reset();
    return lag;
  };
}

/** In words. */
export function lagIn(name: string, { p99Ms, mostMs }: Lag): string {
  return `${name} ${p99Ms} ms (99 of 100), ${mostMs} ms (the most)`;
}

function late(sinceLastLook: number): number {
  return Math.max(0, Math.round(sinceLastLook / nanoseconds - resolution));
}
