import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { AuthModule } from '@facet/auth';
import type { OtherEvents } from '@facet/events/ended-rights';
import type { SharedState } from '@facet/state';
import { ThrottlingGuard, ThrottlingModule, type ThrottlingOptions } from '@facet/throttling';
import { AttachmentController } from './attachment/attachment.controller.js';
import { authentication } from './authentication.js';
import type { Config } from './config.js';
import { downstreamModule } from './downstream.js';
import { GraphqlModule } from './graphql/graphql.module.js';
import { limitOf } from './graphql/limit-of.js';
import { SessionModule } from './session/session.module.js';
import { Sessions } from './session/sessions.js';
import { watched } from './watched.js';

/** What development and tests add, or have in the place of what the configuration says. */
type Instead = Pick<ThrottlingOptions, 'limits'> & { events?: OtherEvents; state?: SharedState; also?: ModuleMetadata['imports'] };

@Module({})
export class AppModule {
  static forRoot(config: Config, { limits, events, state, also = [] }: Instead = {}): DynamicModule {
    const throttling = ThrottlingModule.forRoot({ limitOf, ...(limits && { limits }) });
    const { ISSUER_URL: issuer } = config;
    const between = { between: [ThrottlingGuard], imports: [throttling] };
    return {
      module: AppModule,
      imports: [
        AuthModule.forRoot({ issuer, audience: 'web-bff', steps: authentication, inject: [Sessions], ...between }),
        SessionModule.forRoot(config, state),
        GraphqlModule.forRoot(config),
        downstreamModule(config),
        ...watched(config, events),
        ...also,
      ],
      controllers: [AttachmentController],
    };
  }
}
