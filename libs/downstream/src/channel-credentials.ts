import { CallCredentials, ChannelCredentials, type experimental } from '@grpc/grpc-js';
import type { ConnectionSecurity } from './connection-security.js';

/** FleetCredentials: the connections of a gRPC channel, as its ConnectionSecurity makes them. */
export class FleetCredentials extends ChannelCredentials {
  constructor(private readonly security: ConnectionSecurity) {
    super();
  }

  override _isSecure(): boolean {
    return this.security.encrypted;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(
    _target: unknown,
    _options: unknown,
    ofCalls = CallCredentials.createEmpty(),
  ): experimental.SecureConnector {
    const { security } = this;
    return {
      connect: async (socket) => ({ socket: await security.over(socket, 'h2'), secure: security.encrypted }),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => ofCalls,
      destroy: () => undefined,
    };
  }
}
