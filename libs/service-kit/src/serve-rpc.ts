import type { sendUnaryData } from '@grpc/grpc-js';
import type { Caller } from '@facet/context';
import type { Logger } from '@facet/observability';
import { CallScope, type RawCall } from './call-scope.js';
import { problemOf, statusOf } from './rpc-status.js';
import { encodeMessage, type Codec } from './service-definition.js';

/** TokenVerifier: who an internal token speaks for; rejects with ProblemError `unauthenticated`. */
export interface TokenVerifier {
  verify(token: string): Promise<Caller>;
}

/** Invoke: a controller's method, by way of Nest. */
export type Invoke = (input: unknown, context: unknown) => Promise<unknown>;

/** Serve: the answer to the bytes of one call. */
export type Serve = (bytes: Buffer, scope: CallScope) => Promise<unknown>;

/** RpcToServe: one RPC on the wire. */
export interface RpcToServe {
  /** `facet.rooms.v1.RoomsService/GetRoom`, for the log. */
  readonly rpc: string;
  readonly response: Codec;
  readonly serve: Serve;
  /** The calls that have no answer yet. */
  readonly inFlight: Set<CallScope>;
  readonly logger: Logger;
}

/** serveRpc: a handler for @grpc/grpc-js: runs `serve` until the deadline passes or the client hangs up, and turns whatever it throws into a status. */
export function serveRpc({ rpc, response, serve, inFlight, logger }: RpcToServe) {
  return (call: RawCall, callback: sendUnaryData<Buffer>): void => {
    const scope = new CallScope(call);
    inFlight.add(scope);
    scope
      .race(serve(call.request, scope).then((answer) => encodeMessage(response, answer)))
      .then(
        (bytes) => callback(null, bytes),
        (error: unknown) => {
          logFailure(logger, rpc, scope, error);
          callback(statusOf(problemOf(error)));
        },
      )
      .finally(() => {
        inFlight.delete(scope);
        scope.close();
      });
  };
}

/** One line for what is our fault, a quiet one for what is the caller's. */
function logFailure(logger: Logger, rpc: string, { requestId }: CallScope, error: unknown): void {
  const problem = problemOf(error);
  const fields = { rpc, requestId, problem: problem.code };
  if (problem.code === 'internal-error') logger.error({ ...fields, error }, 'RPC failed');
  else if (problem.status >= 500) logger.warn({ ...fields, error: problem.cause ?? problem.message }, 'RPC failed');
  else logger.debug({ ...fields, error: problem }, 'RPC refused');
}
