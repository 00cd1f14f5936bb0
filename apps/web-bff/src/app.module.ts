import { Module, type DynamicModule } from '@nestjs/common';
import { AuthModule } from '@facet/auth';
import { LastGood } from '@facet/downstream';
import { Cursors } from '@facet/edge';
import { EndedRightsModule, type OtherEvents } from '@facet/events/ended-rights';
import { ThrottlingGuard, ThrottlingModule, type ThrottlingOptions } from '@facet/throttling';
import { AttachmentController } from './attachment/attachment.controller.js';
import { authentication } from './authentication.js';
import type { Config } from './config.js';
import { downstreamModule } from './downstream.js';
import { GraphqlController, INTROSPECTION } from './graphql/graphql.controller.js';
import { limitOf } from './graphql/limit-of.js';

@Module({})
export class AppModule {
  static forRoot(config: Config, limits?: ThrottlingOptions['limits'], instead?: OtherEvents): DynamicModule {
    const throttling = ThrottlingModule.forRoot({ limitOf, ...(limits && { limits }) });
    return {
      module: AppModule,
      imports: [
        AuthModule.forRoot({
          issuer: config.ISSUER_URL,
          audience: 'web-bff',
          steps: authentication,
          between: [ThrottlingGuard],
          imports: [throttling],
        }),
        downstreamModule(config),
        EndedRightsModule.forRoot({ service: 'web-bff', config, tell: LastGood, instead }),
      ],
      controllers: [GraphqlController, AttachmentController],
      providers: [
        { provide: Cursors, useValue: new Cursors(config.INTERNAL_ROOT_KEY) },
        { provide: INTROSPECTION, useValue: config.FACET_ENV === 'development' },
      ],
    };
  }
}
