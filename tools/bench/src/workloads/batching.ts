import type { Bench } from '../bench.js';
import { run, warmUp, type Contender } from '../measure.js';
import { ask } from '../processes/ask.js';
import { startBare } from '../processes/gateway.js';
import { median } from '../report/arithmetic.js';
import { people } from '../synthetic/ids.js';
import { homeTraffic } from './synthetic-home.js';
import type { Workload } from './workload.js';

const compared = 1_000;
const atOnce = 50;

/** What batching costs who is alone, and that it changes no byte of an answer. */
export const idleBatching: Workload = {
  name: 'batching',
  about: 'one connection, batching on and off; the same answers for 1,000 people',
  run: async (bench) => {
    const gateways = await Promise.all([startBare(bench), startBare(bench, { batching: false })]);
    const [on, off] = gateways.map((gateway, index): Contender => ({
      what: index === 0 ? 'on' : 'off',
      gateway,
      traffic: () => homeTraffic(gateway),
    }));
    const same = await sameAnswers(on!, off!);
    const medians = await idleMedians(bench, [on!, off!]);
    const [withBatching, without] = medians;
    await Promise.all(gateways.map(({ child }) => child.stop()));
    return {
      figures: [],
      judgements: [
        { goal: 'idle batching: ms added at p50', value: withBatching! - without!, atMost: 1 },
        { goal: 'batching: answers of 1,000 that differ', value: compared - same, atMost: 0 },
      ],
      remarks: [`batching: p50 ${withBatching!.toFixed(2)} ms with one connection, ${without!.toFixed(2)} ms without batching`],
    };
  },
};

async function idleMedians(bench: Bench, contenders: readonly Contender[]): Promise<number[]> {
  const { rounds, roundSeconds } = bench.choices;
  const seen = new Map<Contender, number[]>();
  for (const contender of contenders) {
    await warmUp(bench, contender, 1);
    seen.set(contender, []);
  }
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) seen.get(contender)!.push((await run(bench, contender, roundSeconds, 1)).p50Ms);
  }
  return contenders.map((contender) => median(seen.get(contender)!));
}

/** How many of 1,000 people get the same bytes from both, asked by many at once. */
async function sameAnswers(one: Contender, other: Contender): Promise<number> {
  const numbers = Array.from({ length: compared }, () => Math.floor(Math.random() * people));
  let same = 0;
  while (numbers.length > 0) {
    const some = numbers.splice(0, atOnce);
    const answers = await Promise.all([one, other].map(({ traffic }) => Promise.all(some.map((number) => ask(traffic(), number)))));
    same += some.filter((_, index) => answers[0]![index] === answers[1]![index]).length;
  }
  return same;
}
