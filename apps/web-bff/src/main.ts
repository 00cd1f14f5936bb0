import 'reflect-metadata';
import { httpServer } from '@facet/edge';
import { bootstrap } from '@facet/service-kit';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { serveGraphiql } from './graphql/graphiql.js';

const config = readConfig();
const setup = config.FACET_ENV === 'development' ? { setup: serveGraphiql } : {};
const server = httpServer({ port: config.PORT, managementPort: config.MANAGEMENT_PORT, ...setup });
await bootstrap({ name: 'web-bff', config, module: AppModule.forRoot(config), server });
