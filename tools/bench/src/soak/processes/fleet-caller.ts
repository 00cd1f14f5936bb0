import { Ending, RequestContext } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { connectClients } from '@facet/downstream';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { announce, onQuestion, settings } from '../../processes/announce.js';
import { idOf } from '../../synthetic/ids.js';
import { quantile, tally } from '../arithmetic.js';
import type { Way } from './downstream.js';

// Our clients alone, without a BFF around them: they call one fleet at a pace of their own, however long its answers take.

export interface FleetCallerSettings {
  readonly way: Way;
  readonly rootKey: string;
}

/** How often it calls: at random moments (a Poisson process), so many together. */
export interface Pace {
  readonly perSecond: number;
  readonly together: number;
}

/** What came of the calls since the last look. */
export interface CallReport {
  readonly calls: number;
  readonly failed: number;
  readonly failures: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly sockets: number;
  /** Of 99 of 100, how late timers were. */
  readonly lagMs: number;
}

const { way, rootKey } = settings<FleetCallerSettings>();
const presence = { ...way, service: PresenceService, dependency: 'presence', audience: 'soak-service' };
const { clients, instances } = connectClients({ issuer: 'mobile-bff', rootKey: Buffer.from(rootKey, 'base64url'), clients: { presence } });
const lag = monitorEventLoopDelay({ resolution: 5 });
lag.enable();
let latencies: number[] = [];
let failures: string[] = [];
let calls = 0;

async function call(): Promise<void> {
  const caller = {
    subject: idOf('user', calls % 1_000),
    kind: 'user' as const,
    client: 'mobile-app',
    scopes: [],
    roles: ['user'],
    permissions: [],
  };
  const roomId = idOf('room', calls++);
  const context = new RequestContext({ caller, deadline: Date.now() + 5_000, ending: new Ending(), requestId: `call-${calls}` });
  const began = performance.now();
  try {
    await clients.presence.countOnline({ roomId }, context);
    latencies.push(performance.now() - began);
  } catch (error) {
    failures.push(error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error));
  }
}

function keepPace({ perSecond, together }: Pace): void {
  for (let each = 0; each < together; each++) void call();
  setTimeout(() => keepPace({ perSecond, together }), (-Math.log(1 - Math.random()) * 1_000 * together) / perSecond);
}

onQuestion('pace', (pace) => keepPace(pace as Pace));
onQuestion('report', (): CallReport => {
  const report = {
    calls: latencies.length + failures.length,
    failed: failures.length,
    failures: tally(failures),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
    lagMs: Math.max(0, lag.percentile(99) / 1e6 - 5),
  };
  [latencies, failures] = [[], []];
  lag.reset();
  return report;
});
onQuestion('instances', () => instances()[way.target]);
announce({});
