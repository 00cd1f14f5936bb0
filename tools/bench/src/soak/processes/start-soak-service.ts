import { deriveInternalKey } from '@facet/auth';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { grpcServer, startApp, type RunningApp } from '@facet/service-kit';
import { soakRooms } from './soak-rooms.js';

const name = 'soak-service';

class SoakModule {}

/** What answers. */
export interface Answering {
  readonly rootKey: string;
  readonly controller: new (...given: never[]) => object;
  /** The one thing that the controller wants. */
  readonly works: { readonly as: new (...given: never[]) => object; readonly instance: object };
}

/** A service as ours are, that answers by a controller of the soak. */
export function startSoakService({ rootKey, controller, works }: Answering): Promise<RunningApp> {
  return startApp({
    name,
    config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'error', SHUTDOWN_MS: 2_000 },
    module: { module: SoakModule, controllers: [controller], providers: [{ provide: works.as, useValue: works.instance }] },
    server: grpcServer({
      services: [PresenceService, soakRooms],
      port: 0,
      internalKeys: { 'mobile-bff': deriveInternalKey(Buffer.from(rootKey, 'base64url'), name) },
    }),
  });
}
