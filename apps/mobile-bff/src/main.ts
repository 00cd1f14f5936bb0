import 'reflect-metadata';
import { httpServer } from '@facet/edge';
import { bootstrap } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { config as read } from './config.js';

const config = read();
const { PORT: port, MANAGEMENT_PORT: managementPort, INTERNAL_CLIENTS: internalClients, CORS_ORIGINS: corsOrigins } = config;
const listening = { port, managementPort, internalClients, corsOrigins, proxies: config };
const server = httpServer({ ...listening, openApi: { title: 'Facet for mobile', version: '1' } });
await bootstrap({ name: 'mobile-bff', config, module: AppModule.forRoot(config), server });
