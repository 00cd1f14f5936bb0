import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Bench } from './bench.js';
import type { LoadResult, Traffic } from './load/traffic.js';
import type { Child } from './processes/child.js';
import type { Gateway } from './processes/gateway.js';
import { median } from './report/arithmetic.js';

/** Something that is measured. */
export interface Contender {
  readonly what: string;
  readonly gateway: Gateway;
  /** Asked before each round. */
  readonly traffic: () => Traffic;
  /** Who answers the gateway, to see who waits for whom. */
  readonly services?: Child | undefined;
}

/** What was measured: medians over the rounds. */
export interface Figures {
  readonly what: string;
  /** Of the gateway for each request, user and system time. */
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Resident at the end of the rounds; the most. */
  readonly rssBytes: number;
  /** In use after a collection at the end. */
  readonly heapBytes: number;
  readonly servicesCpuMicros?: number;
}

interface Round extends LoadResult {
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly servicesCpuMicros: number;
}

/** Failures beyond this share of the requests make a figure worthless. */
const tolerated = 0.001;

/** Measures the contenders in turn, round by round, forwards and backwards, so that what happens to the machine happens to all. */
export async function compare(bench: Bench, contenders: readonly Contender[]): Promise<Figures[]> {
  const { rounds, roundSeconds } = bench.choices;
  for (const contender of contenders) await warmUp(bench, contender);
  const measured = new Map<Contender, Round[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) measured.get(contender)!.push(await run(bench, contender, roundSeconds));
  }
  return Promise.all(contenders.map((contender) => summarise(contender, measured.get(contender)!)));
}

/** Load that does not count, over as many connections as what counts. Who is cold may be too late for some. */
export async function warmUp(bench: Bench, { traffic }: Contender, connections = bench.connections): Promise<void> {
  await bench.driver.run(traffic(), { connections, seconds: bench.choices.warmUpSeconds });
}

/** One round of load. Throws where answers failed. */
export async function run(bench: Bench, contender: Contender, seconds: number, connections = bench.connections): Promise<Round> {
  const { gateway, services, traffic, what } = contender;
  const sent = traffic();
  const before = [gateway.child.usage.cpuMicros, services?.usage.cpuMicros ?? 0] as const;
  const result = await bench.driver.run(sent, { connections, seconds });
  const { cpuMicros, rssBytes } = gateway.child.usage;
  const round = { ...result, rssBytes, cpuMicros: cpuMicros - before[0], servicesCpuMicros: (services?.usage.cpuMicros ?? 0) - before[1] };
  if (result.requests === 0 || result.failures > tolerated * result.requests)
    throw new Error(`${what}: ${result.failures} of ${result.requests} answers failed.`);
  return round;
}

/** Writes a profile of the gateway under the contender's load. */
export async function profile(bench: Bench, contender: Contender, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const { child } = contender.gateway;
  await child.ask('profile');
  await run(bench, contender, bench.choices.roundSeconds);
  await child.ask('end profile', path);
}

async function summarise({ what, gateway, services }: Contender, rounds: readonly Round[]): Promise<Figures> {
  const { heapUsed } = await gateway.child.ask<NodeJS.MemoryUsage>('memory');
  const each = (figure: (round: Round) => number) => median(rounds.map(figure));
  return {
    what,
    cpuMicros: each(({ cpuMicros, requests }) => cpuMicros / requests),
    requestsPerSecond: each(({ requests, seconds }) => requests / seconds),
    p50Ms: each(({ p50Ms }) => p50Ms),
    p99Ms: each(({ p99Ms }) => p99Ms),
    rssBytes: Math.max(...rounds.map(({ rssBytes }) => rssBytes)),
    heapBytes: heapUsed,
    ...(services && { servicesCpuMicros: each(({ servicesCpuMicros, requests }) => servicesCpuMicros / requests) }),
  };
}
