/** A function and its share of a profile's busy time, what it calls not counted. */
export interface HotSpot {
  readonly name: string;
  readonly place: string;
  readonly share: number;
}

/** As much of a .cpuprofile as we read. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The functions that took most time by themselves. Idling and profiling are no work; garbage collection and native code go by V8's names in brackets. */
export function hotSpots({ nodes, samples, timeDeltas }: CpuProfile, most = 25): HotSpot[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map<string, { name: string; place: string; micros: number }>();
  let busy = 0;
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = frames.get(id)!;
    if (functionName === '(idle)' || url === 'node:inspector') return;
    const micros = timeDeltas[index] ?? 0;
    busy += micros;
    const place = url ? `${shorten(url)}:${lineNumber + 1}` : '';
    const name = functionName || '(anonymous)';
    const key = `${name} ${place}`;
    const known = spent.get(key);
    if (known) known.micros += micros;
    else spent.set(key, { name, place, micros });
  });
  return [...spent.values()]
    .sort((a, b) => b.micros - a.micros)
    .slice(0, most)
    .map(({ name, place, micros }) => ({ name, place, share: micros / busy }));
}

function shorten(url: string): string {
  return url.replace(/^.*\/node_modules\//, '').replace(/^.*\/(apps|libs|tools)\//, '$1/');
}
