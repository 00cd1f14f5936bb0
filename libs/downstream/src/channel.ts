import type { Member } from '@facet/balancing';
import { GrpcStatus } from '@facet/errors';
import { Client, Metadata, type ClientOptions, type ServiceError } from '@grpc/grpc-js';
import { writeHeaders, type CallHeaders } from '@facet/service-kit/wire';
import { FleetCredentials } from './channel-credentials.js';
import { ConnectionSecurity } from './connection-security.js';
import { fleetServiceConfig, fleetTarget, memberHeader, rosterKey } from './fleet-policy.js';
import type { Roster } from './roster.js';
import { HealthWatch } from './watch-health.js';

/** OutgoingRpc: one unary RPC, as bytes. */
export interface OutgoingRpc {
  readonly path: string;
  readonly bytes: Buffer;
  readonly headers: CallHeaders;
  /** Epoch milliseconds; the service learns of it. */
  readonly deadline: number;
  /** Where it goes. */
  readonly member: Member;
}

/** Answered: told once, with the answer's bytes or the failure. */
export type Answered = (failure: ServiceError | null, bytes?: Buffer) => void;

/** Channel: the way to the members of one fleet. */
export interface Channel {
  /** Sends, and returns how to cancel. Fails within milliseconds where nobody listens, or where it is closed; throws nothing. */
  send(rpc: OutgoingRpc, answered: Answered): () => void;
  close(): void;
}

const mebibyte = 1024 * 1024;
const asBytes = (bytes: Buffer): Buffer => bytes;

/** Retries are ours to decide, at one layer; a service that comes back is found again within half a second. */
const options: ClientOptions = {
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.service_config': fleetServiceConfig,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.max_receive_message_length': 8 * mebibyte,
};

/** openChannel: a gRPC channel to the members of a fleet. Connects to all of them with the first call, and follows their health. */
export function openChannel(roster: Roster, security = new ConnectionSecurity({ expected: 'the service' })): Channel {
  const client = new Client(fleetTarget, new FleetCredentials(security), { ...options, [rosterKey]: roster });
  const health = new HealthWatch(client);
  roster.onConnection((member, stands) => (stands ? health.watch(member) : health.leave(member)));
  roster.onChange(() => health.keep(roster.fleet.members));
  return {
    send: ({ path, bytes, headers, deadline, member }, answered) => {
      try {
        const metadata = writeHeaders(headers);
        metadata.set(memberHeader, member.address);
        const call = client.makeUnaryRequest(path, asBytes, asBytes, bytes, metadata, { deadline }, answered);
        return () => call.cancel();
      } catch (error) {
        setImmediate(() => answered(unsent(error)));
        return () => undefined;
      }
    },
    close: () => {
      health.close();
      client.close();
    },
  };
}

/** A channel that is closed throws where others fail, which would end the process: calls leave from timers. */
function unsent(cause: unknown): ServiceError {
  const [code, details] = [GrpcStatus.UNAVAILABLE, String(cause)];
  return Object.assign(new Error(details, { cause }), { code, details, metadata: new Metadata() });
}
