import 'reflect-metadata';
import { MessagesImportService, MessagesService } from '@facet/contracts/messages/grpc';
import { bootstrap, grpcServer } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();

await bootstrap({
  name: 'messages-service',
  config,
  module: AppModule.forRoot(config),
  server: grpcServer({ services: [MessagesService, MessagesImportService], port: config.PORT, internalKeys: config.INTERNAL_KEYS }),
});
