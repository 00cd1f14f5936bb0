import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { DevModule } from './dev/dev.module.js';
import { NoDemoModule } from './dev/no-demo.module.js';
import { OidcModule } from './oidc/oidc.module.js';
import { migrations } from './store/migrations.js';

const name = 'identity-provider';

@Module({})
export class AppModule {
  static forRoot(config: Pick<Config, 'DATABASE_URL' | 'KAFKA_BROKERS' | 'ISSUER_URL' | 'FACET_ENV'>): DynamicModule {
    const oidc = OidcModule.forRoot({ issuer: config.ISSUER_URL });
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'identity', applicationName: name, migrations }),
        EventsModule.forRoot({ service: name, brokers: config.KAFKA_BROKERS, publishes: true }),
        oidc,
        config.FACET_ENV === 'development' ? DevModule.forRoot(oidc) : NoDemoModule,
      ],
    };
  }
}
