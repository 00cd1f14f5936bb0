import { Module, type DynamicModule } from '@nestjs/common';
import { AuthModule } from '@facet/auth';
import { Cursors } from '@facet/edge';
import { ThrottlingGuard, ThrottlingModule, type ThrottlingOptions } from '@facet/throttling';
import type { Config } from './config.js';
import { downstreamModule } from './downstream.js';
import { GraphqlController, INTROSPECTION } from './graphql/graphql.controller.js';
import { limitOf } from './graphql/limit-of.js';

@Module({})
export class AppModule {
  static forRoot(config: Config, limits?: ThrottlingOptions['limits']): DynamicModule {
    const throttling = ThrottlingModule.forRoot({ limitOf, ...(limits && { limits }) });
    return {
      module: AppModule,
      imports: [
        AuthModule.forRoot({ issuer: config.ISSUER_URL, audience: 'web-bff', between: [ThrottlingGuard], imports: [throttling] }),
        downstreamModule(config),
      ],
      controllers: [GraphqlController],
      providers: [
        { provide: Cursors, useValue: new Cursors(config.INTERNAL_ROOT_KEY) },
        { provide: INTROSPECTION, useValue: config.FACET_ENV === 'development' },
      ],
    };
  }
}
