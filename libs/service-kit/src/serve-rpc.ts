import type { sendUnaryData } from '@grpc/grpc-js';
import type { Caller } from '@facet/context';
import { CallScope, type RawCall } from './call-scope.js';
import type { RpcLog } from './rpc-log.js';
import type { RpcBinding } from './rpc.decorator.js';
import { problemOf, statusOf } from './rpc-status.js';

/** TokenVerifier: who an internal token speaks for; throws ProblemError `unauthenticated`. */
export interface TokenVerifier {
  /** `peer`: who is on the other end of the connection by his certificate; undefined without TLS. */
  identify(token: string, peer?: string): Caller;
}

/** Invoke: a controller's method, by way of Nest. */
export type Invoke = (input: unknown, context: unknown) => Promise<unknown>;

/** ServedRpc: what it takes to serve an RPC or its batch twin. */
export interface ServedRpc {
  readonly binding: RpcBinding;
  readonly invoke: Invoke;
  readonly verifier: TokenVerifier;
  readonly log: RpcLog;
}

/** RpcToServe: one RPC on the wire. */
export interface RpcToServe {
  /** The answer to the bytes of one call, as bytes; rejects when the call ends before there is one. */
  readonly serve: (bytes: Buffer, scope: CallScope) => Promise<Buffer>;
  /** The calls that have no answer yet. */
  readonly inFlight: Set<CallScope>;
  readonly log: RpcLog;
  /** Who is on the other end of the call's connection, where TLS says so. */
  readonly peerOf?: ((call: RawCall) => string) | undefined;
}

/** serveRpc: a handler for @grpc/grpc-js: answers with what `serve` gives, and turns whatever it throws into a status. What nobody waits for any more on arrival is not begun. */
export function serveRpc({ serve, inFlight, log, peerOf }: RpcToServe) {
  const answer = async (call: RawCall, scope: CallScope, callback: sendUnaryData<Buffer>): Promise<void> => {
    try {
      if (scope.ending.ended) throw scope.ending.reason;
      callback(null, await serve(call.request, scope));
    } catch (error) {
      log.failed(scope, error);
      callback(statusOf(problemOf(error)));
    }
    inFlight.delete(scope);
    scope.close();
  };

  return (call: RawCall, callback: sendUnaryData<Buffer>): void => {
    const scope = new CallScope(call, peerOf?.(call));
    inFlight.add(scope);
    void answer(call, scope, callback);
  };
}
