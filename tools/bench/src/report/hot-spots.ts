/** A function, or a part of the program, and its share of a profile's busy time; what it calls is not counted. */
export interface HotSpot {
  readonly name: string;
  readonly place: string;
  readonly share: number;
}

/** A function, as a profile names it. */
export interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** As much of a .cpuprofile as we read. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame; readonly children?: readonly number[] }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const mostFunctions = 25;
const mostParts = 20;

/** The functions that took most time by themselves. Idling and profiling are no work; garbage collection and native code go by V8's names. */
export function hotFunctions(profile: CpuProfile): HotSpot[] {
  const nameOf = ({ functionName }: Frame) => functionName || '(anonymous)';
  const placeOf = ({ url, lineNumber }: Frame) => (url ? `${shorten(url)}:${lineNumber + 1}` : '');
  return shares(profile, (frame) => [nameOf(frame), placeOf(frame)]).slice(0, mostFunctions);
}

/** The same by package, library or module of Node. */
export function hotParts(profile: CpuProfile): HotSpot[] {
  return shares(profile, ({ functionName, url }) => [url ? partOf(shorten(url)) : native(functionName), '']).slice(0, mostParts);
}

function shares({ nodes, samples, timeDeltas }: CpuProfile, describe: (frame: Frame) => [name: string, place: string]): HotSpot[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map<string, { name: string; place: string; micros: number }>();
  let busy = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id)!;
    if (frame.functionName === '(idle)' || frame.url === 'node:inspector') return;
    const micros = timeDeltas[index] ?? 0;
    busy += micros;
    const [name, place] = describe(frame);
    const known = spent.get(`${name} ${place}`);
    if (known) known.micros += micros;
    else spent.set(`${name} ${place}`, { name, place, micros });
  });
  return [...spent.values()].sort((a, b) => b.micros - a.micros).map(({ name, place, micros }) => ({ name, place, share: micros / busy }));
}

/** `libs/downstream`, `@grpc/grpc-js`, `node:http2`. */
function partOf(place: string): string {
  if (place.startsWith('node:')) return place.replace(/^node:(?:internal\/)?(?:_?(http2?|net|stream|tls)[^]*|(\w+)[^]*)$/, 'node:$1$2');
  const [first = '', second = ''] = place.split('/');
  return first.startsWith('@') || ['apps', 'libs', 'tools'].includes(first) ? `${first}/${second}` : first;
}

function native(name: string): string {
  return name.startsWith('(') && name !== '(anonymous)' ? name : 'native';
}

function shorten(url: string): string {
  return url.replace(/^.*\/node_modules\//, '').replace(/^.*\/(apps|libs|tools)\//, '$1/');
}
