import 'reflect-metadata';
import { httpServer } from '@facet/edge';
import { bootstrap } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { mountOidc } from './oidc/mount-oidc.js';

const config = readConfig();
const listening = { port: config.PORT, managementPort: config.MANAGEMENT_PORT, proxies: config, tls: config, internal: config };
const server = httpServer({ ...listening, setup: mountOidc });
await bootstrap({ name: 'identity-provider', config, module: AppModule.forRoot(config), server });
