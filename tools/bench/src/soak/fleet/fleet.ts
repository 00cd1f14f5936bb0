import { startApplication } from '../../processes/gateway.js';
import type { Judgement } from '../../report/outcome.js';
import { metricIn, readMetrics } from '../metrics.js';
import type { PartOutcome, SoakPart } from '../part.js';
import { pause } from '../send.js';
import { Instance } from './instances.js';
import { failedOf, p99Of, Reader, textOf, type Read } from './reader.js';

const calmMs = 5_000;
const slowMs = 300;
const slowForMs = 15_000;
const recoversWithinMs = 10_000;
const takesOverWithinMs = 1_000;
/** `Handback` takes ten seconds. */
const handsBackWithinMs = 15_000;

interface Stage {
  readonly reader: Reader;
  readonly instances: readonly [Instance, Instance, Instance];
  readonly backup: Instance;
  /** RPCs that the backup answered. */
  readonly byBackup: () => Promise<number>;
  readonly say: (progress: string) => void;
}

type Finding = Pick<PartOutcome, 'remarks'> & { readonly judgements: readonly Judgement[] };

/** rooms-service three times, and a backup. */
export const fleet: SoakPart = {
  name: 'fleet',
  about: 'three instances of rooms-service and a backup: one killed, one slow, all killed, all back',
  run: async ({ bench, say }) => {
    say('starting');
    const installation = await bench.installation;
    const start = () => Instance.start(bench, 'rooms-service');
    const instances = [await start(), await start(), await start()] as const;
    const backup = await start();
    const targets = instances.map(({ network }) => network.target.replace('static:', ''));
    const environment = installation.environmentOf('mobile-bff');
    const backupTarget = backup.network.target;
    const bff = await startApplication(bench, 'mobile-bff', {
      ...environment,
      ROOMS_TARGET: `static:${targets.join(',')}`,
      ROOMS_BACKUP_TARGET: backupTarget,
    });
    const tokens = (await installation.everybody('mobile-app')).map(({ token }) => token);
    const reader = new Reader(`${bff.origin}/v1/rooms/${installation.rooms['general']}`, tokens);
    const byBackup = async () => metricIn(await readMetrics(bff.management), 'facet_downstream_rpcs_total', { target: backupTarget });
    const stage: Stage = { reader, instances, backup, byBackup, say };
    await pause(2 * calmMs);
    const findings = [await killOne(stage), await slowOne(stage), await killAll(stage)];
    await reader.stop();
    await bff.child.stop();
    await Promise.all([...instances, backup].map((instance) => instance.stop()));
    return {
      judgements: findings.flatMap(({ judgements }) => judgements),
      remarks: findings.flatMap(({ remarks }) => remarks),
    };
  },
};

async function killOne({ reader, instances: [first], say }: Stage): Promise<Finding> {
  say('one killed');
  const at = Date.now();
  first.kill();
  await pause(calmMs);
  const reads = await reader.since(at);
  await first.run();
  await pause(calmMs);
  return {
    judgements: [{ goal: 'fleet: reads that failed, one of three killed', value: failedOf(reads).length, atMost: 0 }],
    remarks: [`fleet: one killed: ${textOf(reads)}`],
  };
}

async function slowOne({ reader, instances: [, second], say }: Stage): Promise<Finding> {
  say('one slow');
  const before = await reader.since(Date.now() - calmMs);
  const at = Date.now();
  await second.network.apply({ kind: 'latency', ms: slowMs });
  await pause(slowForMs);
  const reads = await reader.since(at);
  await second.network.clear();
  await pause(calmMs);
  const backAfterMs = lastSlowSecond(reads, at, p99Of(before) + slowMs / 2);
  return {
    judgements: [
      {
        goal: `fleet: seconds until p99 is back, one of three ${slowMs} ms slower`,
        value: backAfterMs / 1_000,
        atMost: recoversWithinMs / 1_000,
      },
      { goal: 'fleet: reads that failed, one slow', value: failedOf(reads).length, atMost: 0 },
    ],
    remarks: [`fleet: one slow: ${textOf(reads)}; before ${textOf(before)}`],
  };
}

/** How long until the end of the last second in which one in a hundred reads took so much longer than before that it met the slow instance. */
function lastSlowSecond(reads: readonly Read[], from: number, slowMs: number): number {
  const seconds = Map.groupBy(reads, ({ at }) => Math.floor((at - from) / 1_000));
  const slow = [...seconds].filter(([, some]) => p99Of(some) >= slowMs).map(([second]) => second + 1);
  return Math.max(0, ...slow) * 1_000;
}

async function killAll({ reader, instances, backup, byBackup, say }: Stage): Promise<Finding> {
  say('all killed');
  const at = Date.now();
  for (const instance of instances) instance.kill();
  await pause(2 * calmMs);
  const without = await reader.since(at);
  const tookOver = Math.max(0, ...failedOf(without).map((read) => read.at - at));
  say('all back');
  const backAt = Date.now();
  await Promise.all(instances.map((instance) => instance.run()));
  const handedBack = await untilQuiet(byBackup, backAt + calmMs + handsBackWithinMs);
  backup.kill();
  await pause(calmMs);
  const withBack = await reader.since(backAt);
  return {
    judgements: [
      { goal: 'fleet: seconds until the backup has taken over, all killed', value: tookOver / 1_000, atMost: takesOverWithinMs / 1_000 },
      { goal: 'fleet: calls still go to the backup after it handed back (1) or not (0)', value: handedBack ? 0 : 1, atMost: 0 },
      { goal: 'fleet: reads that failed, handed back, then the backup killed', value: failedOf(withBack).length, atMost: 0 },
    ],
    remarks: [`fleet: all killed: ${textOf(without)}, the last that failed after ${tookOver} ms`, `fleet: all back: ${textOf(withBack)}`],
  };
}

/** Whether the backup got nothing for a second, before that. */
async function untilQuiet(byBackup: () => Promise<number>, until: number): Promise<boolean> {
  for (let count = await byBackup(); Date.now() < until;) {
    await pause(1_000);
    const now = await byBackup();
    if (now === count) return true;
    count = now;
  }
  return false;
}
