import type { CpuProfile, Frame } from './hot-spots.js';

/** The share of a profile's busy time that was spent in a function and all that it called. */
export function shareWithin({ nodes, samples, timeDeltas }: CpuProfile, isIt: (frame: Frame) => boolean): number {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const within = new Set<number>();
  for (const { id } of nodes) {
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) if (isIt(frames.get(at)!)) within.add(id);
  }
  let [busy, spent] = [0, 0];
  samples.forEach((id, index) => {
    const { functionName, url } = frames.get(id)!;
    if (functionName === '(idle)' || url === 'node:inspector') return;
    const micros = timeDeltas[index] ?? 0;
    busy += micros;
    if (within.has(id)) spent += micros;
  });
  return spent / busy;
}
