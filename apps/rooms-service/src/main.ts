import 'reflect-metadata';
import { RoomsImportService, RoomsService } from '@facet/contracts/rooms/grpc';
import { bootstrap, grpcServer } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();

await bootstrap({
  name: 'rooms-service',
  config,
  module: AppModule.forRoot(config),
  server: grpcServer({ services: [RoomsService, RoomsImportService], port: config.PORT, internalKeys: config.INTERNAL_KEYS }),
});
