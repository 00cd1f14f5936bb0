import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { RevocationsModule } from '@facet/events/revocations';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { messagePosted, messagesImported } from './events/last-activity.js';
import { userCreated, userDeleted } from './events/known-users.js';
import { MembersController } from './rpc/members.controller.js';
import { RoomsController } from './rpc/rooms.controller.js';
import { migrations } from './store/migrations.js';

const name = 'rooms-service';
const handlers = [userCreated, userDeleted, messagePosted, messagesImported];

@Module({})
export class AppModule {
  static forRoot(config: Pick<Config, 'DATABASE_URL' | 'KAFKA_BROKERS'>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'rooms', applicationName: name, migrations }),
        EventsModule.forRoot({ service: name, brokers: config.KAFKA_BROKERS, publishes: true, consume: { handlers } }),
        RevocationsModule.forRoot({ service: name }),
      ],
      controllers: [RoomsController, MembersController],
    };
  }
}
