import type { Bench } from '../bench.js';
import { run, warmUp, type Contender } from '../measure.js';
import { ask } from '../processes/ask.js';
import type { Gateway } from '../processes/gateway.js';

const countedSeconds = 1;

/** RPCs on the wire for one request when there is no other, counted by the synthetic services. */
export async function rpcsAlone(bench: Bench, { traffic }: Pick<Contender, 'traffic'>): Promise<number> {
  const synthetic = await bench.synthetic;
  await ask(traffic(), 2);
  await synthetic.reset();
  await ask(traffic(), 3);
  return (await synthetic.counts()).rpcs;
}

/** The same for each request under load. */
export async function rpcsUnderLoad(bench: Bench, contender: Contender): Promise<string> {
  const synthetic = await bench.synthetic;
  await warmUp(bench, contender);
  await synthetic.reset();
  const { requests } = await run(bench, contender, countedSeconds);
  return ((await synthetic.counts()).rpcs / requests).toFixed(2);
}

/** RPCs that left a BFF of ours so far, by its own metrics. */
export async function rpcsOf({ management }: Gateway): Promise<number> {
  const response = await fetch(`${management}/metrics`);
  return rpcsIn(await response.text());
}

/** The sum of the first of these metrics that there is. */
const wireMetrics = ['facet_downstream_rpcs_total'];

export function rpcsIn(metrics: string): number {
  for (const name of wireMetrics) {
    const samples = metrics.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    if (samples.length > 0) return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }
  return 0;
}
