import 'reflect-metadata';
import { UsersImportService, UsersService } from '@facet/contracts/users/grpc';
import { bootstrap, grpcServer } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();

await bootstrap({
  name: 'users-service',
  config,
  module: AppModule.forRoot(config),
  server: grpcServer({ services: [UsersService, UsersImportService], port: config.PORT, internalKeys: config.INTERNAL_KEYS }),
});
