import type { BalancingPolicy, FleetOptions } from '../src/options.js';
import { seeded, World } from './world.fixtures.js';

export interface Plan {
  readonly policy: BalancingPolicy;
  readonly options?: Partial<FleetOptions>;
  /** Mean service time of each instance, by the time of day in seconds. */
  readonly serviceMs: Readonly<Record<string, number | ((second: number) => number)>>;
  /** So many calls an instance works on at a time; the rest wait in line. */
  readonly workers: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
}

export interface Seen {
  readonly address: string;
  readonly second: number;
  readonly ms: number;
}

/** A discrete-event simulation: calls arrive at random (Poisson), wait for a worker, and take an exponentially distributed time. */
export function simulate({ policy, options, serviceMs, workers, callsPerSecond, seconds }: Plan): readonly Seen[] {
  const world = new World(Object.keys(serviceMs).join(' '), { policy, random: seeded(42), ...options });
  const random = seeded(4);
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;
  const start = world.now;
  const freeAt = new Map(Object.keys(serviceMs).map((address) => [address, Array<number>(workers).fill(start)]));
  const landings: { at: number; land: () => void }[] = [];
  const seen: Seen[] = [];
  const landUntil = (time: number) => {
    while (landings[0] && landings[0].at <= time) {
      const { at, land } = landings.shift()!;
      world.now = at;
      land();
    }
    world.now = time;
  };
  for (let time = start; time < start + seconds * 1_000; time += exponential(1_000 / callsPerSecond)) {
    landUntil(time);
    const member = world.fleet.pick(1, String(random()))!;
    member.departed(1);
    const second = (time - start) / 1_000;
    const mean = serviceMs[member.address]!;
    const free = freeAt.get(member.address)!;
    const worker = free.indexOf(Math.min(...free));
    const at = Math.max(time, free[worker]!) + exponential(typeof mean === 'number' ? mean : mean(second));
    free[worker] = at;
    const ms = at - time;
    const later = landings.findIndex((other) => other.at > at);
    landings.splice(later < 0 ? landings.length : later, 0, { at, land: () => member.landed(1, ms, 'succeeded') });
    seen.push({ address: member.address, second, ms });
  }
  landUntil(Infinity);
  return seen;
}

/** The 99th percentile, in milliseconds. */
export function p99(seen: readonly Seen[]): number {
  const sorted = seen.map(({ ms }) => ms).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)]!;
}
