import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { RevocationsModule } from '@facet/events/revocations';
import { membershipHandlers } from '@facet/memberships';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { knownUsers } from './events/known-users.js';
import { messagePosted } from './events/message-posted.js';
import { messageDeleted, messageEdited, messagesImported } from './events/messages-changed.js';
import { NotificationsController } from './rpc/notifications.controller.js';
import { migrations } from './store/migrations.js';

const name = 'notifications-service';

@Module({})
export class AppModule {
  static forRoot(config: Pick<Config, 'DATABASE_URL' | 'KAFKA_BROKERS'>): DynamicModule {
    const handlers = [...membershipHandlers(), ...knownUsers, messagePosted, messageEdited, messageDeleted, messagesImported];
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'notifications', applicationName: name, poolSize: 6, migrations }),
        EventsModule.forRoot({ service: name, brokers: config.KAFKA_BROKERS, publishes: false, consume: { handlers } }),
        RevocationsModule.forRoot({ service: name }),
      ],
      controllers: [NotificationsController],
    };
  }
}
