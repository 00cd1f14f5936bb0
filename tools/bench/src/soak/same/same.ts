import { Child } from '../../processes/child.js';
import { moduleOf } from '../../processes/module-of.js';
import { digitsOf, people } from '../../synthetic/ids.js';
import type { SoakPart, Soaking } from '../part.js';
import { atOnce } from '../send.js';

const users = 1_000;
const clients = 50;

/** The same bytes with batching and without it. */
export const same: SoakPart = {
  name: 'same',
  about: 'the same answers, byte for byte, with batching on and off',
  run: async (soaking) => {
    const numbers = Array.from({ length: users }, () => Math.floor(Math.random() * people));
    const [on, off] = [await answersOf(soaking, numbers, true), await answersOf(soaking, numbers, false)];
    const differing = numbers.filter((_, at) => on.bodies[at] === undefined || on.bodies[at] !== off.bodies[at]);
    return {
      judgements: [
        { goal: `same: answers of ${users} that differ`, value: differing.length, atMost: 0 },
        { goal: 'same: RPCs × calls with batching on', value: on.rpcs / on.items, atMost: 0.5 },
        { goal: 'same: calls × RPCs with batching off', value: off.items / off.rpcs, atMost: 1 },
      ],
      remarks: [`same: ${on.items} calls in ${on.rpcs} RPCs with batching, ${off.items} in ${off.rpcs} without`],
      details: { differing },
    };
  },
};

async function answersOf({ bench, say }: Soaking, numbers: readonly number[], batching: boolean) {
  const synthetic = await bench.synthetic;
  const child = new Child({
    name: 'same',
    module: moduleOf('soak/processes/same-gateway'),
    settings: { targets: synthetic.targets, rootKey: bench.rootKey, batching },
  });
  const { port } = await child.ready;
  await synthetic.reset();
  say(batching ? 'with batching' : 'without batching');
  const bodies: string[] = [];
  await atOnce([...numbers.entries()], clients, async ([at, number]) => {
    const response = await fetch(`http://127.0.0.1:${String(port)}/home/01910000-0000-7000-8000-${digitsOf(number)}`);
    const body = await response.text();
    if (!response.ok || !body.includes(digitsOf(number)))
      throw new Error(`The answer to ${number} is ${response.status}: ${body.slice(0, 200)}`);
    bodies[at] = body;
  });
  await child.stop();
  return { bodies, ...(await synthetic.counts()) };
}
