import { Ending, RequestContext, type Caller } from '@facet/context';
import { Fleet } from '@facet/balancing';
import { ItemError } from '@facet/contracts';
import {
  BatchCountOnlineRequest,
  BatchCountOnlineResponse,
  CountOnlineRequest,
  CountOnlineResponse,
  type CountOnlineResult,
} from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { GrpcStatus } from '@facet/errors';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, vi } from 'vitest';
import { Bulkhead } from '../src/bulkhead.js';
import type { Answered, Channel, OutgoingRpc } from '../src/channel.js';
import { createClient } from '../src/client.js';
import { LastGood } from '../src/last-good.js';
import { policyFor, type PolicyOptions } from '../src/policy.js';
import type { Remote } from '../src/remote.js';
import { RetryBudget } from '../src/retry-budget.js';
import { Roster } from '../src/roster.js';

/** An RPC that is on the wire until the test answers it. */
export interface Sent extends OutgoingRpc {
  readonly answered: Answered;
  cancelled: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A channel that keeps what is sent until the test answers it. */
export class HeldChannel implements Channel {
  /** What has not been answered by `take`. */
  readonly sent: Sent[] = [];
  /** All there ever was. */
  readonly log: Sent[] = [];

  send(rpc: OutgoingRpc, answered: Answered): () => void {
    const sent: Sent = { ...rpc, answered, cancelled: false, at: Date.now() };
    this.sent.push(sent);
    this.log.push(sent);
    return () => (sent.cancelled = true);
  }

  /** The oldest that has not been taken yet. */
  take(): Sent {
    const next = this.sent.shift();
    if (!next) throw new Error('Nothing is on the wire');
    return next;
  }

  close(): void {}
}

/** Puts the clocks and timers into the hands of each test of the file; turns of the event loop stay what they are. */
export function holdTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'], now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Until every call that may leave now is on the wire, and everybody knows what was answered. */
export const departed = async () => {
  await turn();
  await turn();
};

/** Lets so much time pass, with turns of the event loop whenever a timer rings. */
export const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await departed();
};

export const callerNamed = (subject: string): Caller => ({
  subject,
  kind: 'user',
  client: 'mobile-app',
  scopes: [],
  roles: [],
  permissions: [],
});

export interface Asking {
  readonly timeoutMs?: number;
  readonly ending?: Ending;
  readonly requestId?: string;
  readonly traceparent?: string;
}

export const contextOf = (subject: string, { timeoutMs = 60_000, ending = new Ending(), ...more }: Asking = {}) =>
  new RequestContext({
    caller: callerNamed(subject),
    deadline: Date.now() + timeoutMs,
    ending,
    requestId: `request of ${subject}`,
    ...more,
  });

export interface Setting {
  readonly policy?: PolicyOptions;
  readonly deadlineMs?: number;
  readonly reserveMs?: number;
  readonly dependency?: string;
  readonly target?: string;
  readonly instances?: readonly string[];
  readonly minter?: Remote['minter'];
  readonly channel?: HeldChannel;
}

/** A client of a service, over a channel that the test holds. */
export function clientOf<S extends ServiceDefinition>(service: S, setting: Setting = {}) {
  const { policy = {}, deadlineMs = 60_000, reserveMs = 0, channel = new HeldChannel() } = setting;
  const {
    dependency = 'presence',
    target = 'static:127.0.0.1:1',
    instances = ['127.0.0.1:1'],
    minter = { mint: ({ subject }: Caller) => subject },
  } = setting;
  const { retryBudget, bulkhead } = policyFor(policy);
  const roster = new Roster(new Fleet({ policy: 'round_robin' }));
  roster.update(instances.map((address) => ({ address })));
  const primary = { target, roster, channel, budget: new RetryBudget(retryBudget), bulkhead: new Bulkhead(bulkhead) };
  const audience = `${dependency}-service`;
  const remote = { service, kind: 'grpc' as const, dependency, audience, primary, deadlineMs, reserveMs, policy, minter };
  return { ...remote, ...primary, client: createClient(remote, new LastGood()) };
}

/** The presence service, whose answers tell who asked for what. */
export function presence(setting: Setting = {}) {
  const world = clientOf(PresenceService, setting);
  const ask = (room: number | string, subject: number | string = 1, asking: Asking = {}) =>
    outcomeOf(world.client.countOnline({ roomId: String(room) }, contextOf(String(subject), asking)));
  return { ...world, ask };
}

/** What became of a promise: undefined until it is settled. */
export interface Outcome<T = unknown> {
  readonly promise: Promise<T>;
  value?: T;
  error?: unknown;
}

/** Watches a promise, whose rejection nobody has to handle then. */
export function outcomeOf<T>(promise: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = { promise };
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

/** What an honest service answers: who asked for what. */
export const answerOf = (subject: string | number, room: string | number): CountOnlineResponse => ({
  count: Number(subject) * 1_000 + Number(room),
});

/** One call that a RPC carries. */
export interface Carried {
  readonly subject: string;
  readonly room: string;
}

/** The calls that a RPC carries. */
export function callsOf({ path, bytes, headers }: Sent): Carried[] {
  if (path.endsWith('/CountOnline')) return [{ subject: headers.token ?? '', room: CountOnlineRequest.decode(bytes).roomId }];
  const { callers, items } = BatchCountOnlineRequest.decode(bytes);
  return items.map(({ caller, request }) => ({ subject: callers?.tokens[caller] ?? '', room: request?.roomId ?? '' }));
}

export const roomsOf = (sent: Sent): string[] => callsOf(sent).map(({ room }) => room);
/** The rooms of each RPC there was. */
export const departures = ({ log }: HeldChannel): string[][] => log.map(roomsOf);

/** What comes of one item: an answer, or the code of the error. */
export type ItemOutcome = CountOnlineResponse | number;

/** Answers each of the calls of a RPC; a single one that is to fail fails as the RPC that it is. */
export function serve(sent: Sent, itemOf: (call: Carried) => ItemOutcome = ({ subject, room }) => answerOf(subject, room)): void {
  const outcomes = callsOf(sent).map(itemOf);
  if (!sent.path.endsWith('/CountOnline')) return sent.answered(null, batchOf(outcomes.map(resultOf)));
  const [only] = outcomes;
  if (typeof only === 'number') refuse(sent, only);
  else sent.answered(null, Buffer.from(CountOnlineResponse.encode(only!).finish()));
}

function resultOf(outcome: ItemOutcome): CountOnlineResult {
  return typeof outcome === 'number'
    ? { result: { $case: 'error', value: ItemError.create({ code: outcome, message: 'refused' }) } }
    : { result: { $case: 'response', value: outcome } };
}

export const batchOf = (results: CountOnlineResult[]): Buffer => Buffer.from(BatchCountOnlineResponse.encode({ results }).finish());

/** Fails a RPC as a whole. */
export function refuse(sent: Sent, code: number = GrpcStatus.UNAVAILABLE, pushbackMs?: number | string): void {
  const metadata = new Metadata();
  if (pushbackMs !== undefined) metadata.set('grpc-retry-pushback-ms', String(pushbackMs));
  sent.answered(Object.assign(new Error('refused'), { code, details: 'refused', metadata }) satisfies ServiceError);
}
