import type { Caller, RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import {
  encodeMessage,
  itemErrorOf,
  methodOf,
  mostItems,
  type BatchResponse,
  type ItemOutcome,
  type MethodDefinition,
} from '@facet/service-kit/wire';
import { launchSingle, type OneCall } from './ask-single.js';
import { launch } from './flight.js';
import { bytesOf, pathTo, waiterFor, type Remote } from './remote.js';
import { countItems } from './rpc-metrics.js';
import type { Waiter } from './waiter.js';

interface Asked {
  readonly waiter: Waiter;
  readonly request: object;
}

interface Call extends OneCall {
  readonly request: object;
  readonly waiters: Waiter[];
}

/**
 * Batcher: the calls of one turn of the event loop to one method, over all requests of the process, as one RPC. Equal calls of one caller travel once;
 * a call never joins one that has left. Those with similar deadlines travel together. Each answer goes to those who asked for it, and nobody else.
 */
export class Batcher {
  readonly #single: MethodDefinition;
  readonly #twin: MethodDefinition;
  #asked: Asked[] = [];

  constructor(
    private readonly remote: Remote,
    single: string,
    twin: string,
  ) {
    this.#single = methodOf(remote.service, single);
    this.#twin = methodOf(remote.service, twin);
  }

  ask(request: object, context: RequestContext): Promise<unknown> {
    const waiter = waiterFor(this.remote, context);
    if (this.#asked.push({ waiter, request }) === 1) setImmediate(() => this.#depart());
    return waiter.answer;
  }

  #depart(): void {
    const asked = this.#asked;
    this.#asked = [];
    const now = Date.now();
    const living = asked.filter(({ waiter }) => !waiter.settled);
    for (const group of alikeInUrgency(living, now)) void this.#send(group);
  }

  async #send(group: readonly Asked[]): Promise<void> {
    try {
      const calls = distinct(group, await this.#tokens(group), this.#single);
      for (let from = 0; from < calls.length; from += mostItems) this.#launch(calls.slice(from, from + mostItems));
    } catch (error) {
      for (const { waiter } of group) waiter.reject(error);
    }
  }

  async #tokens(group: readonly Asked[]): Promise<ReadonlyMap<Caller, string>> {
    const callers = [...new Set(group.map(({ waiter }) => waiter.context.caller))];
    const { minter, audience } = this.remote;
    return new Map(await Promise.all(callers.map(async (caller) => [caller, await minter.mint(caller, audience)] as const)));
  }

  #launch(calls: readonly Call[]): void {
    const [first] = calls;
    countItems(this.remote.dependency, pathTo(this.remote, this.#single), calls.length);
    if (first && calls.length === 1) return launchSingle(this.remote, this.#single, first);
    const waiters = calls.flatMap((call) => call.waiters).filter(({ settled }) => !settled);
    const [someone] = waiters;
    if (!someone) return;
    const { requestId, traceparent } = someone.context;
    launch({
      dependency: this.remote.dependency,
      channel: this.remote.channel,
      rpc: { path: pathTo(this.remote, this.#twin), bytes: this.#encode(calls), headers: { requestId, traceparent } },
      waiters,
      land: (bytes) => this.#land(calls, bytes),
    });
  }

  #encode(calls: readonly Call[]): Buffer {
    const tokens = new Map<string, number>();
    const items = calls.map(({ token, request }) => {
      const caller = tokens.get(token) ?? tokens.size;
      tokens.set(token, caller);
      return { caller, request };
    });
    const { requestType } = this.#twin;
    return encodeMessage(requestType, requestType.fromPartial({ callers: { tokens: [...tokens.keys()] }, items }));
  }

  #land(calls: readonly Call[], bytes: Buffer): void {
    const { results } = this.#twin.responseType.decode(bytes) as BatchResponse;
    if (results.length !== calls.length) throw new Error(`${calls.length} items have ${results.length} results`);
    calls.forEach(({ waiters }, position) => settle(this.remote.dependency, waiters, results[position]?.result));
  }
}

/** Groups of calls whose remaining times are within a factor of two of the most urgent one's. */
function alikeInUrgency(asked: readonly Asked[], now: number): Asked[][] {
  const groups: Asked[][] = [];
  let patience = 0;
  for (const call of [...asked].sort((a, b) => a.waiter.deadline - b.waiter.deadline)) {
    const remaining = call.waiter.deadline - now;
    if (groups.length > 0 && remaining <= patience) groups.at(-1)!.push(call);
    else {
      groups.push([call]);
      patience = 2 * Math.max(1, remaining);
    }
  }
  return groups;
}

function distinct(group: readonly Asked[], tokens: ReadonlyMap<Caller, string>, method: MethodDefinition): Call[] {
  const calls = new Map<string, Call>();
  for (const { waiter, request } of group) {
    const token = tokens.get(waiter.context.caller) ?? '';
    const bytes = bytesOf(method, request);
    const name = `${token} ${bytes.toString('latin1')}`;
    const same = calls.get(name);
    if (same) same.waiters.push(waiter);
    else calls.set(name, { token, bytes, request, waiters: [waiter] });
  }
  return [...calls.values()];
}

function settle(dependency: string, waiters: readonly Waiter[], result: ItemOutcome['result']): void {
  if (result?.$case === 'response') for (const waiter of waiters) waiter.resolve(result.value);
  else {
    const error = result
      ? itemErrorOf(dependency, result.value)
      : new DownstreamError(dependency, 'invalid', { cause: new Error('An item has no result') });
    for (const waiter of waiters) waiter.reject(error);
  }
}
