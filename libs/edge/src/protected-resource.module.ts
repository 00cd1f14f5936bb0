import { Module, type DynamicModule } from '@nestjs/common';
import { METADATA, ProtectedResourceController } from './protected-resource.controller.js';
import { metadataOf, type ProtectedResource } from './protected-resource.js';

/** ProtectedResourceModule: tells clients whose tokens they need (RFC 9728), at the address that challenges name (`metadataUrlOf`). */
@Module({})
export class ProtectedResourceModule {
  static forRoot(resource: ProtectedResource): DynamicModule {
    return {
      module: ProtectedResourceModule,
      controllers: [ProtectedResourceController],
      providers: [{ provide: METADATA, useValue: metadataOf(resource) }],
    };
  }
}
