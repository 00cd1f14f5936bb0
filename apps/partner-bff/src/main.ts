import 'reflect-metadata';
import { httpServer } from '@facet/edge';
import { bootstrap } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { config as read } from './config.js';

const config = read();
const { PORT: port, MANAGEMENT_PORT: managementPort, INTERNAL_CLIENTS: internalClients } = config;
const openApi = { title: 'Facet for partners', version: '1' };
const server = httpServer({ port, managementPort, internalClients, proxies: config, tls: config, openApi });
await bootstrap({ name: 'partner-bff', config, module: AppModule.forRoot(config), server });
