import type { RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import { effectsOf, encodeMessage, methodOf, type MethodDefinition } from '@facet/service-kit/wire';
import { Call } from './call.js';
import { Departures, type Refused } from './departures.js';
import { affinityOf, type AffinityOf } from './affinity.js';
import { policyFor } from './policy.js';
import type { Remote } from './remote.js';

/**
 * MethodClient: one method of one service as this process calls it. Each call passes, in this order: is anybody waiting and is there time;
 * does the breaker admit it; does an equal one wait that it can join; is there room. Then it waits in the queue, and what comes of it is
 * decided where it lands.
 */
export class MethodClient {
  readonly #remote: Remote;
  readonly #method: MethodDefinition;
  readonly #joins: boolean;
  readonly #departures: Departures;
  readonly #affinityOf: AffinityOf | undefined;
  readonly #onEnd = () => this.#remote.primary.bulkhead.leave();

  constructor(remote: Remote, name: string, refused?: Refused) {
    this.#remote = remote;
    this.#method = methodOf(remote.service, name);
    this.#joins = effectsOf(this.#method) === 'none';
    this.#departures = new Departures(remote, name, refused);
    this.#affinityOf = affinityOf(policyFor(remote.policy, name).balance);
  }

  /** The answer, or a rejection that says why there is none. */
  ask(request: object, context: RequestContext): Promise<unknown> {
    try {
      return this.#enter(request, context);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #enter(request: object, context: RequestContext): Promise<unknown> {
    const deadline = this.#deadlineFor(context);
    const { queue } = this.#departures;
    if (!this.#departures.admits()) throw this.#refuse('open');

    const { requestType } = this.#method;
    const message = requestType.fromPartial(request);
    const bytes = encodeMessage(requestType, message);
    const { dependency, audience, minter, primary } = this.#remote;
    // The token says everything by which a service can tell callers apart, and one caller's is one while it is valid.
    const token = minter.mint(context.caller, audience);
    const key = this.#joins ? queue.keyOf(token, bytes) : '';
    const equal = this.#joins ? queue.find(key) : undefined;
    if (equal) {
      this.#departures.metrics.coalesced();
      queue.cover(deadline);
      return equal.join(context, deadline);
    }

    if (!primary.bulkhead.enter()) throw this.#refuse('shed');
    const affinity = this.#affinityOf?.(message, context);
    const call = new Call({ dependency, token, bytes, key, affinity, onEnd: this.#onEnd });
    const answer = call.join(context, deadline);
    queue.add(call);
    return answer;
  }

  #deadlineFor(context: RequestContext): number {
    const { dependency, deadlineMs, reserveMs } = this.#remote;
    context.throwIfEnded(dependency);
    const now = Date.now();
    const deadline = Math.min(context.deadline - reserveMs, now + deadlineMs);
    if (deadline <= now) throw new DownstreamError(dependency, 'timeout');
    return deadline;
  }

  #refuse(reason: 'open' | 'shed'): DownstreamError {
    this.#departures.metrics.refused(reason);
    return new DownstreamError(this.#remote.dependency, reason);
  }
}
