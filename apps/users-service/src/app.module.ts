import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { RevocationsModule } from '@facet/events/revocations';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { accountClosed } from './events/account-closed.js';
import { accountOpened } from './events/account-opened.js';
import { UsersController } from './rpc/users.controller.js';
import { migrations } from './store/migrations.js';

const name = 'users-service';

@Module({})
export class AppModule {
  static forRoot(config: Pick<Config, 'DATABASE_URL' | 'KAFKA_BROKERS'>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'users', applicationName: name, migrations }),
        EventsModule.forRoot({
          service: name,
          brokers: config.KAFKA_BROKERS,
          publishes: true,
          consume: { handlers: [accountOpened, accountClosed] },
        }),
        RevocationsModule.forRoot({ service: name }),
      ],
      controllers: [UsersController],
    };
  }
}
