import { Module, type DynamicModule } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import type { LimitName } from '@facet/auth';
import { FixedWindows } from './fixed-windows.js';
import { LIMIT_OF, type LimitOf } from './throttling.guard.js';

const windowMs = 60_000;
const defaults: Readonly<Record<LimitName, number>> = { browse: 600, write: 300 };

/** ThrottlingOptions: requests a minute by limit, where they differ from 600 (browse) and 300 (write). */
export interface ThrottlingOptions {
  readonly limits?: Partial<Readonly<Record<LimitName, number>>>;
  /** Default: what the route declares. GraphQL tells reads from writes here. */
  readonly limitOf?: LimitOf;
}

/** ThrottlingModule: what ThrottlingGuard needs: the named limits and their counters, in the memory of this process. */
@Module({})
export class ThrottlingModule {
  static forRoot({ limits = {}, limitOf = (_request, declared) => declared }: ThrottlingOptions = {}): DynamicModule {
    const throttlers = Object.entries({ ...defaults, ...limits }).map(([name, limit]) => ({ name, limit, ttl: windowMs }));
    return {
      module: ThrottlingModule,
      global: true,
      imports: [ThrottlerModule.forRoot({ throttlers, storage: new FixedWindows(), setHeaders: false })],
      providers: [{ provide: LIMIT_OF, useValue: limitOf }],
      exports: [ThrottlerModule, LIMIT_OF],
    };
  }
}
