import { MessagePattern, Transport } from '@nestjs/microservices';
import type { Caller, Ending, RequestContext } from '@facet/context';
import type { ProblemError } from '@facet/errors';
import type { z } from 'zod';
import { methodOf, type BatchedMethod, type ResponseOf, type ServiceDefinition, type SingleMethod } from './service-definition.js';

/** BatchItem: one call of a batch, with its own caller. */
export interface BatchItem<Request> {
  readonly caller: Caller;
  readonly request: Request;
}

/**
 * BatchOutcome: what a handler answers one item with. A promise holds up no other item: where the batch must be answered before it is settled, that item alone
 * is late. The handler returns in the turn in which it makes one, since a rejection that nobody has taken by then ends the process.
 */
export type BatchOutcome<Response> = Response | ProblemError | Promise<Response | ProblemError>;

/** BatchContext: until when a batch is answered, and whether anybody still waits. It has no caller: each item has its own. */
export interface BatchContext {
  /** Epoch milliseconds; the answer leaves by then, with what there is. */
  readonly deadline: number;
  readonly ending: Ending;
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  /** Milliseconds left, never negative. */
  remainingMs(): number;
}

/** RpcBinding: which RPC a controller's method serves, and what its request must fit. */
export interface RpcBinding {
  readonly service: ServiceDefinition;
  readonly method: string;
  readonly schema: z.ZodType;
  /** The handler takes items and serves the batch twin as well. */
  readonly batched: boolean;
}

type SingleHandler<Schema extends z.ZodType, Response> = (
  request: z.output<Schema>,
  context: RequestContext,
) => Response | Promise<Response>;
type BatchHandler<Schema extends z.ZodType, Response> = (
  items: readonly BatchItem<z.output<Schema>>[],
  context: BatchContext,
) => Promise<readonly BatchOutcome<Response>[]>;
type HandlerDecorator<Handler> = <H extends Handler>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<H>) => void;

/**
 * Rpc: the method of a controller that serves one RPC. It is called with a verified caller and a request that fits the schema, and is ended by the
 * call's deadline and by its cancellation; what it throws becomes the call's status.
 */
export function Rpc<const S extends ServiceDefinition, M extends Exclude<SingleMethod<S>, BatchedMethod<S>>, Schema extends z.ZodType>(
  service: S,
  method: M,
  schema: Schema,
): HandlerDecorator<SingleHandler<Schema, ResponseOf<S, M>>> {
  return bind({ service, method, schema, batched: false });
}

/**
 * BatchRpc: the method of a controller that serves an RPC and its batch twin: it gets one item or many, each with its own verified caller and checked
 * request, and answers each at its position with a response, a ProblemError, or the promise of one. An item that is not valid never reaches it and fails alone.
 */
export function BatchRpc<const S extends ServiceDefinition, M extends BatchedMethod<S>, Schema extends z.ZodType>(
  service: S,
  method: M,
  schema: Schema,
): HandlerDecorator<BatchHandler<Schema, ResponseOf<S, M>>> {
  return bind({ service, method, schema, batched: true });
}

function bind(binding: RpcBinding) {
  const pattern = { service: binding.service.fullName, rpc: methodOf(binding.service, binding.method).name };
  return <H>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<H>) => {
    MessagePattern(pattern, Transport.GRPC, { binding })(target, key, descriptor);
  };
}
