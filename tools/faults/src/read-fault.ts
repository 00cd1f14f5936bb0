import { GrpcStatus, isProblemCode, serviceFailureOf, type ProblemCode } from '@facet/errors';
import type { CallFault } from '@facet/service-kit/faults';
import { readRate, readSize, readTime, readTimeWithJitter } from './quantities.js';
import type { Direction, Toxic } from './toxic.js';

type Values = readonly string[];

const calls: Readonly<Record<string, (values: Values) => CallFault>> = {
  slow: ([time, ...rest]) => {
    const { ms, jitterMs } = readTimeWithJitter(time);
    return nothingElse(rest, { kind: 'slow', delayMs: ms, ...(jitterMs !== undefined && { jitterMs }) });
  },
  failing: ([status = 'UNAVAILABLE', ...rest]) => nothingElse(rest, { kind: 'failing', problem: problemOf(status) }),
  garbage: (rest) => nothingElse(rest, { kind: 'garbage' }),
  flapping: ([time, ...rest]) => nothingElse(rest, { kind: 'flapping', everyMs: readTime(time) }),
};

const toxics: Readonly<Record<string, (values: Values) => Toxic>> = {
  latency: ([time, ...rest]) => nothingElse(rest, { kind: 'latency', ...readTimeWithJitter(time) }),
  bandwidth: ([rate, ...rest]) => nothingElse(rest, { kind: 'bandwidth', bytesPerSecond: readRate(rate) }),
  reset: (values) => ({ kind: 'reset', ...afterBytes(values) }),
  'half-open': (values) => ({ kind: 'half-open', ...afterBytes(values) }),
  down: (rest) => nothingElse(rest, { kind: 'down' }),
  flapping: ([time, ...rest]) => nothingElse(rest, { kind: 'flapping', everyMs: readTime(time) }),
};

const directed = ['latency', 'bandwidth', 'reset', 'half-open'];

/** How the words are to be taken where that is open. */
export interface Reading {
  /** `flapping` connections rather than calls. */
  readonly network?: boolean | undefined;
  readonly direction?: string | undefined;
}

/** What is to be the matter: with calls, or with connections. Throws with one line where the words make no sense. */
export function readFault(
  [kind = '', ...values]: Values,
  { network = false, direction }: Reading = {},
): { call: CallFault } | { toxic: Toxic } {
  const ofCalls = network ? undefined : own(calls, kind);
  if (ofCalls && direction === undefined) return { call: ofCalls(values) };
  const ofConnections = own(toxics, kind);
  if (!ofConnections)
    throw new Error(ofCalls ? 'Only connections have directions.' : unknown('fault', kind, namesOf(network ? [toxics] : [calls, toxics])));
  const toxic = ofConnections(values);
  return { toxic: direction === undefined ? toxic : ({ ...toxic, direction: directionOf(kind, direction) } as Toxic) };
}

/** Faults of connections, one after the other: `latency 200ms bandwidth 10kB/s`. */
export function readSeveral(words: Values, reading: Reading): Toxic[] {
  const starts = words.flatMap((word, at) => (at === 0 || Object.hasOwn(toxics, word) ? [at] : []));
  return starts.map((start, at) => {
    const fault = readFault(words.slice(start, starts[at + 1]), { ...reading, network: true });
    if ('toxic' in fault) return fault.toxic;
    throw new Error(unknown('fault of connections', words[start]!, Object.keys(toxics)));
  });
}

/** One line that says that there is no such thing, and what there is. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  return `There is no ${what} "${name}". There are: ${known.join(', ')}.`;
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function namesOf(tables: readonly object[]): string[] {
  return [...new Set(tables.flatMap((table) => Object.keys(table)))];
}

function directionOf(kind: string, direction: string): Direction {
  if (!directed.includes(kind)) throw new Error(`${kind} has no direction. These have: ${directed.join(', ')}.`);
  if (direction === 'requests' || direction === 'answers' || direction === 'both') return direction;
  throw new Error(unknown('direction', direction, ['requests', 'answers', 'both']));
}

/** `after 4kB`, or nothing: at once. */
function afterBytes([after, size, ...rest]: Values): { afterBytes?: number } {
  if (after === undefined) return {};
  if (after !== 'after') throw new Error(`"${after}" is not understood. After how many bytes? after 4kB`);
  return nothingElse(rest, { afterBytes: readSize(size) });
}

/** A gRPC status by name, or one of our problem codes. */
function problemOf(status: string): ProblemCode {
  if (isProblemCode(status)) return status;
  const name = status.toUpperCase();
  const known = Object.keys(GrpcStatus).filter((each) => each !== 'OK');
  if (!known.includes(name)) throw new Error(unknown('status', status, known));
  return serviceFailureOf(GrpcStatus[name as keyof typeof GrpcStatus]).code;
}

function nothingElse<T>(rest: Values, fault: T): T {
  if (rest.length > 0) throw new Error(`"${rest.join(' ')}" is not understood.`);
  return fault;
}
