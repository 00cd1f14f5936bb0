import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { RevocationsModule } from '@facet/events/revocations';
import { membershipHandlers } from '@facet/memberships';
import { Module, type DynamicModule } from '@nestjs/common';
import { Clock, systemClock } from './clock.js';
import type { Config } from './config.js';
import { knownAttachments } from './events/known-attachments.js';
import { MessagesController } from './rpc/messages.controller.js';
import { migrations } from './store/migrations.js';

const name = 'messages-service';

@Module({})
export class AppModule {
  static forRoot(config: Pick<Config, 'DATABASE_URL' | 'KAFKA_BROKERS'>, clock = systemClock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'messages', applicationName: name, poolSize: 6, migrations }),
        EventsModule.forRoot({
          service: name,
          brokers: config.KAFKA_BROKERS,
          publishes: true,
          consume: { handlers: [...membershipHandlers(), ...knownAttachments] },
        }),
        RevocationsModule.forRoot({ service: name }),
      ],
      providers: [{ provide: Clock, useValue: clock }],
      controllers: [MessagesController],
    };
  }
}
