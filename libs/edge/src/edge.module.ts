import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { AppToServe } from '@facet/service-kit';
import { DocsController } from './docs.controller.js';
import { EdgeState } from './edge-state.js';
import { ErrorPagesController } from './error-pages.controller.js';
import { HealthController } from './health.controller.js';

/** EdgeModule: an application's module and beside it what every HTTP application serves: health, the pages of errors, its documentation. */
@Module({})
export class EdgeModule {
  static around(application: AppToServe['module'], state: EdgeState): DynamicModule {
    const documented: Type[] = state.documentation ? [DocsController] : [];
    return {
      module: EdgeModule,
      imports: [application],
      controllers: [HealthController, ErrorPagesController, ...documented],
      providers: [{ provide: EdgeState, useValue: state }],
    };
  }
}
