import 'reflect-metadata';
import { deriveInternalKey } from '@facet/auth';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { grpcServer, startApp } from '@facet/service-kit';
import { announce, onQuestion, settings } from '../../processes/announce.js';
import { watchLag } from './lag.js';
import { soakRooms } from './soak-rooms.js';
import { TroubleController } from './trouble.controller.js';
import { Trouble, type Mood } from './trouble.js';

// A service as ours are, without a database, that can be told to fail or to be slow.

const name = 'soak-service';
const { rootKey } = settings<{ readonly rootKey: string }>();
const trouble = new Trouble();

class TroubleModule {}

const { port } = await startApp({
  name,
  config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'error', SHUTDOWN_MS: 2_000 },
  module: { module: TroubleModule, controllers: [TroubleController], providers: [{ provide: Trouble, useValue: trouble }] },
  server: grpcServer({
    services: [PresenceService, soakRooms],
    port: 0,
    internalKeys: { 'mobile-bff': deriveInternalKey(Buffer.from(rootKey, 'base64url'), name) },
  }),
});
onQuestion('lag', watchLag());
onQuestion('become', (mood) => trouble.become(mood as Mood));
onQuestion('seen', () => trouble.seen);
announce({ port });
