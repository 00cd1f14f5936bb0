import { AuthModule, bearerSteps } from '@facet/auth';
import { DownstreamModule } from '@facet/downstream';
import { ThrottlingGuard, ThrottlingModule } from '@facet/throttling';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Targets } from '../processes/synthetic-services.js';
import { clientsOf, Downstream } from './downstream.js';
import { HomeController } from './home.controller.js';

export interface WholeSettings {
  readonly targets: Targets;
  readonly rootKey: string;
  readonly issuer: string;
  readonly port: number;
  readonly managementPort: number;
}

/** Limits that are counted and that nobody reaches. */
const limits = { browse: 1_000_000_000 };

/** A BFF as ours are, of one screen. */
@Module({ controllers: [HomeController] })
export class WholeModule {
  static forRoot({ targets, rootKey, issuer }: WholeSettings): DynamicModule {
    return {
      module: WholeModule,
      imports: [
        AuthModule.forRoot({
          issuer,
          audience: 'mobile-bff',
          steps: bearerSteps,
          between: [ThrottlingGuard],
          imports: [ThrottlingModule.forRoot({ limits })],
        }),
        DownstreamModule.forRoot({
          token: Downstream,
          issuer: 'mobile-bff',
          rootKey: Buffer.from(rootKey, 'base64url'),
          clients: clientsOf(targets),
        }),
      ],
    };
  }
}
