import type { Child } from '../../processes/child.js';
import type { SoakPart } from '../part.js';
import type { CallReport, Pace } from '../processes/fleet-caller.js';
import { startCaller, startProcess } from '../processes/start.js';
import { pause } from '../send.js';

const restEveryMs = 10_000;
/** A table is told of, at the latest, when the registry has answered. */
const settlesWithinMs = 1_000;
/** A registry that was away is asked again after a pause that has grown. */
const comesBackWithinMs = 30_000;
const pace: Pace = { perSecond: 500, together: 5 };
/** Beside one for each instance: the registry's, and one that is being closed. */
const spareSockets = 4;

interface Rest {
  readonly addresses: readonly string[];
  readonly changes: { readonly came: number; readonly left: number; readonly died: number };
}

/** A hundred instances that come and go. */
export const churn: SoakPart = {
  name: 'churn',
  about: 'a hundred instances that come, go and die at random for half of --minutes',
  run: async ({ bench, choices, say }) => {
    const world = await startProcess(bench, 'churn-world');
    const { target } = (await world.ready) as { target: string };
    const caller = await startCaller(bench, { target, deadlineMs: 2_000 });
    await caller.ask('pace', pace);
    await pause(2_000);
    await caller.ask('report');
    const rests = Math.max(1, Math.round((choices.minutes * 30_000) / restEveryMs));
    let [wrongTables, mostSpare, calls, failed] = [0, 0, 0, 0];
    const failures: string[] = [];
    let last: Rest | undefined;
    for (let rest = 1; rest <= rests; rest++) {
      say(`rest ${rest} of ${rests}`);
      await world.ask('churn');
      await pause(restEveryMs);
      last = await world.ask<Rest>('rest');
      if (!(await agrees(caller, last.addresses))) wrongTables++;
      const report = await caller.ask<CallReport>('report');
      calls += report.calls;
      failed += report.failed;
      if (report.failed > 0) failures.push(report.failures);
      mostSpare = Math.max(mostSpare, report.sockets - last.addresses.length);
    }
    say('registry away');
    const outage = await withoutRegistry(world, caller, Math.min(60_000, choices.minutes * 6_000));
    await caller.stop();
    await world.stop();
    const { came = 0, left = 0, died = 0 } = last?.changes ?? {};
    return {
      judgements: [
        { goal: 'churn: idempotent calls that failed', value: failed, atMost: 0 },
        { goal: 'churn: rests at which the table was not the registry’s', value: wrongTables, atMost: 0 },
        { goal: 'churn: calls that failed while the registry was away', value: outage.failed, atMost: 0 },
        { goal: 'churn: an instance that came after it was not seen (1) or was (0)', value: outage.seesAgain ? 0 : 1, atMost: 0 },
        { goal: 'churn: connections beside one for each instance, at rest', value: mostSpare, atMost: spareSockets },
      ],
      remarks: [
        `churn: ${calls} calls, ${rests} rests; ${came} instances came, ${left} left, ${died} died${failures.map((text) => `; ${text}`).join('')}`,
        `churn: registry away for ${outage.seconds} s: ${outage.calls} calls, ${outage.instances} instances in the table`,
      ],
    };
  },
};

/** The last table stays in use; once the registry is back, it is followed again. */
async function withoutRegistry(world: Child, caller: Child, ms: number) {
  await world.ask('registry', 'away');
  await caller.ask('report');
  await pause(ms);
  const { calls, failed } = await caller.ask<CallReport>('report');
  const { length: instances } = await caller.ask<readonly string[]>('instances');
  await world.ask('registry', 'back');
  await world.ask('come');
  const { addresses } = await world.ask<Rest>('rest');
  const seesAgain = await agrees(caller, addresses, comesBackWithinMs);
  return { seconds: ms / 1_000, calls, failed, instances, seesAgain };
}

async function agrees(caller: Child, addresses: readonly string[], withinMs = settlesWithinMs): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (;;) {
    const table = await caller.ask<readonly string[]>('instances');
    if (table.toSorted().join() === addresses.join()) return true;
    if (Date.now() > until) return false;
    await pause(50);
  }
}
