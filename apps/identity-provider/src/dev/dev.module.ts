import { Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { OidcModule } from '../oidc/oidc.module.js';
import type { Db } from '../store/tables.js';
import { refuseDemoDatabase } from './demo-mark.js';
import { DevController } from './dev.controller.js';

/** In development: tokens for anybody and the demo world. In production: nothing, and a refusal to start on what development left. */
@Module({})
export class DevModule {
  static forRoot({ development }: { development: boolean }): DynamicModule {
    if (development) return { module: DevModule, imports: [OidcModule], controllers: [DevController] };
    return {
      module: DevModule,
      providers: [{ provide: 'no demo world', inject: [Kysely], useFactory: (db: Db) => refuseDemoDatabase(db) }],
    };
  }
}
