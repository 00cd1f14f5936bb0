import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { developmentModule } from './development.js';
import { KeysModule } from './keys/keys.module.js';
import { MailModule } from './mail/mail.module.js';
import { OidcModule } from './oidc/oidc.module.js';
import { PagesModule } from './pages/pages.module.js';
import { PartnerKeysModule } from './partner-keys/partner-keys.module.js';
import { LogoutModule } from './revocations/logout.module.js';
import { migrations } from './store/migrations.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';

const name = 'identity-provider';

@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
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
        developmentModule(config, oidc, pages) as Promise<DynamicModule>,
      ],
    };
  }
}
