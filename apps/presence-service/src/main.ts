import 'reflect-metadata';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { bootstrap, grpcServer } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();

await bootstrap({
  name: 'presence-service',
  config,
  module: AppModule.forRoot(config),
  server: grpcServer({ services: [PresenceService], port: config.PORT, internalKeys: config.INTERNAL_KEYS }),
});
