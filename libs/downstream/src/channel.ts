import { GrpcStatus } from '@facet/errors';
import { Client, credentials, Metadata, type ClientOptions, type ServiceError } from '@grpc/grpc-js';
import { writeHeaders, type CallHeaders } from '@facet/service-kit/wire';
import { parseTarget } from './target.js';

/** OutgoingRpc: one unary RPC, as bytes. */
export interface OutgoingRpc {
  readonly path: string;
  readonly bytes: Buffer;
  readonly headers: CallHeaders;
  /** Epoch milliseconds; the service learns of it. */
  readonly deadline: number;
}

/** Answered: told once, with the answer's bytes or the failure. */
export type Answered = (failure: ServiceError | null, bytes?: Buffer) => void;

/** Channel: the way to one service. */
export interface Channel {
  /** Sends, and returns how to cancel. Fails within milliseconds where nobody listens, or where it is closed; throws nothing. */
  send(rpc: OutgoingRpc, answered: Answered): () => void;
  close(): void;
}

const mebibyte = 1024 * 1024;
const roundRobin = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }], methodConfig: [] });
const asBytes = (bytes: Buffer): Buffer => bytes;

/** Retries are ours to decide, at one layer; a service that comes back is found again within half a second. */
const options: ClientOptions = {
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.max_receive_message_length': 8 * mebibyte,
};

/** openChannel: a channel to a target. Connects with the first call. */
export function openChannel(target: string): Channel {
  const { address, instances } = parseTarget(target);
  const turns = instances > 1 && { 'grpc.service_config': roundRobin };
  const client = new Client(address, credentials.createInsecure(), { ...options, ...turns });
  return {
    send: ({ path, bytes, headers, deadline }, answered) => {
      try {
        const call = client.makeUnaryRequest(path, asBytes, asBytes, bytes, writeHeaders(headers), { deadline }, answered);
        return () => call.cancel();
      } catch (error) {
        setImmediate(() => answered(unsent(error)));
        return () => undefined;
      }
    },
    close: () => client.close(),
  };
}

/** A channel that is closed throws where others fail, which would end the process: calls leave from timers. */
function unsent(cause: unknown): ServiceError {
  const [code, details] = [GrpcStatus.UNAVAILABLE, String(cause)];
  return Object.assign(new Error(details, { cause }), { code, details, metadata: new Metadata() });
}
