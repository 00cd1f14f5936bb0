import 'reflect-metadata';
import { NotificationsImportService, NotificationsService } from '@facet/contracts/notifications/grpc';
import { bootstrap, grpcServer } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const services = [NotificationsService, NotificationsImportService];

await bootstrap({
  name: 'notifications-service',
  config,
  module: AppModule.forRoot(config),
  server: grpcServer({ services, port: config.PORT, internalKeys: config.INTERNAL_KEYS }),
});
