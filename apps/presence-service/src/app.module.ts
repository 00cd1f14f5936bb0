import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { RevocationsModule } from '@facet/events/revocations';
import { membershipHandlers } from '@facet/memberships';
import { Module, type DynamicModule } from '@nestjs/common';
import { Clock } from './clock.js';
import type { Config } from './config.js';
import { LeaseSweeper } from './lease-sweeper.js';
import { PresenceController } from './rpc/presence.controller.js';
import { migrations } from './store/migrations.js';

const name = 'presence-service';

@Module({})
export class AppModule {
  static forRoot(config: Pick<Config, 'DATABASE_URL' | 'KAFKA_BROKERS'>, clock = new Clock()): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'presence', applicationName: name, migrations }),
        EventsModule.forRoot({
          service: name,
          brokers: config.KAFKA_BROKERS,
          publishes: false,
          consume: { handlers: membershipHandlers() },
        }),
        RevocationsModule.forRoot({ service: name }),
      ],
      controllers: [PresenceController],
      providers: [{ provide: Clock, useValue: clock }, LeaseSweeper],
    };
  }
}
