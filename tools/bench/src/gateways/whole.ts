import 'reflect-metadata';
import { httpServer } from '@facet/edge';
import { bootstrap } from '@facet/service-kit';
import { settings } from '../processes/announce.js';
import { WholeModule, type WholeSettings } from './whole.module.js';

// All that a BFF of ours does in production around one screen: tokens, limits, access log, metrics, an allow-listed answer.
const given = settings<WholeSettings>();
const { port, managementPort } = given;
await bootstrap({
  name: 'bench-bff',
  config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'info', SHUTDOWN_MS: 4_000 },
  module: WholeModule.forRoot(given),
  server: httpServer({ port, managementPort }),
});
