import 'reflect-metadata';
import { httpServer } from '@facet/edge';
import { bootstrap } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { config as read } from './config.js';

const config = read();
await bootstrap({
  name: 'partner-bff',
  config,
  module: AppModule.forRoot(config),
  server: httpServer({ port: config.PORT, managementPort: config.MANAGEMENT_PORT, openApi: { title: 'Facet for partners', version: '1' } }),
});
