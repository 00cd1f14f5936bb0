import 'reflect-metadata';
import { httpServer } from '@facet/edge';
import { bootstrap } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { takeForms } from './session/read-form.js';

const config = readConfig();
const dev = config.FACET_ENV === 'development' ? await import('./dev/dev.module.js') : undefined;
const setup = dev?.setUp ?? takeForms;
const server = httpServer({ port: config.PORT, managementPort: config.MANAGEMENT_PORT, proxies: config, setup });
await bootstrap({ name: 'web-bff', config, module: AppModule.forRoot(config, { also: dev ? [dev.DevModule] : [] }), server });
