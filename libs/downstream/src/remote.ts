import type { InternalTokenMinter } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import { encodeMessage, pathOf, type MethodDefinition, type ServiceDefinition } from '@facet/service-kit/wire';
import type { Channel } from './channel.js';
import { Waiter } from './waiter.js';

/** Remote: one service as this process reaches it. */
export interface Remote {
  readonly service: ServiceDefinition;
  /** Short name, as answers and logs show it: `rooms`. */
  readonly dependency: string;
  /** Whom the internal token is for: `rooms-service`. */
  readonly audience: string;
  readonly deadlineMs: number;
  /** Kept back of the request's time, to answer with what there is. */
  readonly reserveMs: number;
  readonly channel: Channel;
  readonly minter: Pick<InternalTokenMinter, 'mint'>;
}

/** waiterFor: a call that waits from now on; throws where nobody waits or too little time is left to ask. */
export function waiterFor({ dependency, deadlineMs, reserveMs }: Remote, context: RequestContext): Waiter {
  context.throwIfEnded(dependency);
  const now = Date.now();
  const deadline = Math.min(context.deadline - reserveMs, now + deadlineMs);
  if (deadline <= now) throw new DownstreamError(dependency, 'timeout');
  return new Waiter(context, deadline);
}

/** pathTo: the path of a method of the remote's service. */
export function pathTo({ service }: Remote, method: MethodDefinition): string {
  return pathOf(service, method);
}

/** bytesOf: a request, of which anything may be left out, as bytes. */
export function bytesOf({ requestType }: MethodDefinition, request: object): Buffer {
  return encodeMessage(requestType, requestType.fromPartial(request));
}
