import { Client, type CallOptions, type Metadata } from '@grpc/grpc-js';
import type { DepartureEvent } from '../abandon/events.js';

/** Every RPC that left this process, each named by its `x-request-id`, by which the service knows it as well. */
export const departures: DepartureEvent[] = [];

let count = 0;
const { makeUnaryRequest } = Client.prototype as unknown as { makeUnaryRequest: (...given: unknown[]) => unknown };

Object.assign(Client.prototype, {
  makeUnaryRequest(this: Client, ...given: unknown[]): unknown {
    const [metadata, options] = given.slice(4) as [Metadata, CallOptions];
    const rpc = `rpc-${count++}`;
    metadata.set('x-request-id', rpc);
    departures.push({ rpc, departedAt: Date.now(), deadline: Number(options.deadline) });
    return makeUnaryRequest.apply(this, given);
  },
});
