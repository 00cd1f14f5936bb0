import { Module, type DynamicModule } from '@nestjs/common';
import { DevController } from './dev.controller.js';

/** In development alone: tokens for anybody, and the demo world. */
@Module({})
export class DevModule {
  static forRoot(oidc: DynamicModule): DynamicModule {
    return { module: DevModule, imports: [oidc], controllers: [DevController] };
  }
}
