import { DATABASE_OPTIONS, DatabaseClosing, type DatabaseOptions } from '@facet/database';
import {
  Injectable,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Kysely } from 'kysely';
import { Events, type EventsOptions } from './events.js';
import { reportTo } from './report.js';

@Injectable()
class EventsLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly events: Events,
    closing: DatabaseClosing,
  ) {
    // Requests that are still being answered at shutdown may publish: the relay goes last, just before the database.
    closing.before(() => this.events.close());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.events.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.events.stopConsuming();
  }
}

/** EventsModule: the events of an application, for all its modules. Needs `DatabaseModule`; starts after everything is made, stops before the database closes. */
@Module({})
export class EventsModule {
  static forRoot(options: EventsOptions): DynamicModule {
    const events = {
      provide: Events,
      useFactory: (db: Kysely<unknown>, database: DatabaseOptions) =>
        new Events(options, { db, database, report: reportTo(new Logger('events')) }),
      inject: [Kysely, DATABASE_OPTIONS],
    };
    return { module: EventsModule, global: true, providers: [events, EventsLifecycle], exports: [Events] };
  }
}
