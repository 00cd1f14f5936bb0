import type { RequestContext } from '@facet/context';
import type { MethodDefinition } from '@facet/service-kit/wire';
import { launch } from './flight.js';
import { bytesOf, pathTo, waiterFor, type Remote } from './remote.js';
import type { Waiter } from './waiter.js';

/** askSingle: one call as one RPC. */
export function askSingle(remote: Remote, method: MethodDefinition, request: object, context: RequestContext): Promise<unknown> {
  const waiter = waiterFor(remote, context);
  const bytes = bytesOf(method, request);
  remote.minter.mint(context.caller, remote.audience).then(
    (token) => launchSingle(remote, method, { token, bytes, waiters: [waiter] }),
    (error: unknown) => waiter.reject(error),
  );
  return waiter.answer;
}

/** OneCall: a call with everybody who waits for it. */
export interface OneCall {
  readonly token: string;
  readonly bytes: Buffer;
  readonly waiters: readonly Waiter[];
}

/** launchSingle: one call as one RPC, whoever waits for it. */
export function launchSingle(remote: Remote, method: MethodDefinition, { token, bytes, waiters }: OneCall): void {
  const living = waiters.filter(({ settled }) => !settled);
  const [first] = living;
  if (!first) return;
  const { requestId, traceparent } = first.context;
  launch({
    dependency: remote.dependency,
    channel: remote.channel,
    rpc: { path: pathTo(remote, method), bytes, headers: { token, requestId, traceparent } },
    waiters: living,
    land: (answer) => {
      const response = method.responseType.decode(answer);
      for (const waiter of living) waiter.resolve(response);
    },
  });
}
