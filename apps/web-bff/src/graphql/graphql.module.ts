import { Cursors } from '@facet/edge';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { GraphqlController, INTROSPECTION } from './graphql.controller.js';

@Module({})
export class GraphqlModule {
  static forRoot({ INTERNAL_ROOT_KEY, FACET_ENV }: Config): DynamicModule {
    return {
      module: GraphqlModule,
      controllers: [GraphqlController],
      providers: [
        { provide: Cursors, useValue: new Cursors(INTERNAL_ROOT_KEY) },
        { provide: INTROSPECTION, useValue: FACET_ENV === 'development' },
      ],
    };
  }
}
