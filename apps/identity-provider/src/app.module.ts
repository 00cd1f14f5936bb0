import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { KeysModule } from './keys/keys.module.js';
import { MailModule } from './mail/mail.module.js';
import { OidcModule } from './oidc/oidc.module.js';
import { PagesModule } from './pages/pages.module.js';
import { PartnerKeysModule } from './partner-keys/partner-keys.module.js';
import { LogoutModule } from './revocations/logout.module.js';
import { migrations } from './store/migrations.js';
import { NoDemoModule } from './store/no-demo.module.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';

const name = 'identity-provider';

type AppConfig = Pick<Config, 'FACET_ENV' | 'DATABASE_URL' | 'KAFKA_BROKERS' | 'SIGNING_KEY_DAYS' | 'ENCRYPTION_KEYS'> &
  Parameters<typeof OidcModule.forRoot>[0] &
  Parameters<typeof MailModule.forRoot>[0] &
  Parameters<typeof PartnerKeysModule.forRoot>[0] &
  Parameters<typeof PagesModule.forRoot>[1];

@Module({})
export class AppModule {
  static forRoot(config: AppConfig): DynamicModule {
    const oidc = OidcModule.forRoot(config);
    const pages = PagesModule.forRoot(oidc, config);
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'identity', applicationName: name, migrations }),
        EventsModule.forRoot({ service: name, brokers: config.KAFKA_BROKERS, publishes: true }),
        KeysModule.forRoot(config),
        MailModule.forRoot(config),
        PartnerKeysModule.forRoot(config),
        oidc,
        pages,
        LogoutModule.forRoot(oidc),
        UpkeepModule.forRoot({ signingKeyDays: config.SIGNING_KEY_DAYS }),
        config.FACET_ENV === 'development' ? developmentModule(oidc, pages) : NoDemoModule,
      ],
    };
  }
}

/** Not in images: nothing else may import it. */
async function developmentModule(...imports: DynamicModule[]): Promise<DynamicModule> {
  const { DevModule } = await import('./dev/dev.module.js');
  return DevModule.forRoot(...imports);
}
