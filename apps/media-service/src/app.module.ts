import { DatabaseModule } from '@facet/database';
import { EventsModule } from '@facet/events';
import { RevocationsModule } from '@facet/events/revocations';
import { membershipHandlers } from '@facet/memberships';
import { Module, type DynamicModule } from '@nestjs/common';
import { systemClock } from './clock.js';
import type { Config } from './config.js';
import { messageDeleted, messagePosted, roomDeleted } from './events/posts.js';
import { MediaModule, type MediaSettings } from './media.module.js';
import { migrations } from './store/migrations.js';

const name = 'media-service';
const handlers = [...membershipHandlers(), messagePosted, messageDeleted, roomDeleted];

@Module({})
export class AppModule {
  static forRoot(config: Pick<Config, 'DATABASE_URL' | 'KAFKA_BROKERS'> & MediaSettings, clock = systemClock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({ url: config.DATABASE_URL, schema: 'media', applicationName: name, poolSize: 6, migrations }),
        EventsModule.forRoot({ service: name, brokers: config.KAFKA_BROKERS, publishes: true, consume: { handlers } }),
        RevocationsModule.forRoot({ service: name }),
        MediaModule.forRoot(config, clock),
      ],
    };
  }
}
