import 'reflect-metadata';
import { departures } from './record-rpcs.js';
import { AuthModule, bearerSteps } from '@facet/auth';
import { DownstreamModule } from '@facet/downstream';
import { httpServer } from '@facet/edge';
import { startApp } from '@facet/service-kit';
import { ThrottlingGuard, ThrottlingModule } from '@facet/throttling';
import { announce, onQuestion, settings } from '../../processes/announce.js';
import { clientsOf, Downstream, type Ways } from './downstream.js';
import { watchLag } from './lag.js';
import { asks, ScreensController } from './screens.controller.js';

// A BFF as ours are, that writes down what it asks for and when.

export interface SoakGatewaySettings {
  readonly ways: Ways;
  readonly rootKey: string;
  readonly issuer: string;
}

const { ways, rootKey, issuer } = settings<SoakGatewaySettings>();

class GatewayModule {}

const { listening } = await startApp({
  name: 'soak-bff',
  config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'error', SHUTDOWN_MS: 2_000 },
  module: {
    module: GatewayModule,
    controllers: [ScreensController],
    imports: [
      AuthModule.forRoot({
        issuer,
        audience: 'mobile-bff',
        steps: bearerSteps,
        between: [ThrottlingGuard],
        imports: [ThrottlingModule.forRoot({ limits: { browse: 1_000_000_000 } })],
      }),
      DownstreamModule.forRoot({
        token: Downstream,
        issuer: 'mobile-bff',
        rootKey: Buffer.from(rootKey, 'base64url'),
        clients: clientsOf(ways),
      }),
    ],
  },
  server: httpServer({ port: 0, managementPort: 0 }),
});
onQuestion('lag', watchLag());
onQuestion('events', () => ({ asks, departures }));
onQuestion('forget', () => {
  asks.length = 0;
  departures.length = 0;
});
announce(listening);
