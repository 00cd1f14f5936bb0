import { Module, type DynamicModule } from '@nestjs/common';
import { DevController } from './dev.controller.js';
import { DevSessionController } from './dev-session.controller.js';

/** In development alone: tokens for anybody, and the demo world. */
@Module({})
export class DevModule {
  static forRoot(...imports: DynamicModule[]): DynamicModule {
    return { module: DevModule, imports, controllers: [DevController, DevSessionController] };
  }
}
