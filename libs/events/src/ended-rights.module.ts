import { Logger, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { counted } from './counted.js';
import type { Report } from './event-bus.js';
import { EndedRights, type KeptAnswers } from './ended-rights.js';
import { reportTo } from './report.js';
import { openWatchBus, Watch, type WatchBus } from './watch.js';

export { EndedRights, type KeptAnswers } from './ended-rights.js';
export type { WatchBus } from './event-bus.js';

/** OtherEvents: events that a test has instead of those of the configuration, and how soon after one all services know. */
export interface OtherEvents {
  readonly open: () => Promise<WatchBus>;
  readonly settledMs?: number;
}

const topic = 'facet.rooms.v1';
const report = reportTo(new Logger('events'));

/** EndedRightsOptions: where events come from, and who keeps answers. */
export interface EndedRightsOptions {
  /** Name of the application. */
  readonly service: string;
  /** Its settings: brokers, or a database in which its role may watch. */
  readonly config: { readonly KAFKA_BROKERS: readonly string[]; readonly DATABASE_URL?: string | undefined };
  /** The class that keeps answers, as a token. */
  readonly tell: abstract new (...args: never[]) => KeptAnswers;
  readonly instead?: OtherEvents | undefined;
}

/** Watches while the application runs. It is ready without: then it keeps no answers. */
class EndedRightsWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly watch: Watch) {}

  onApplicationBootstrap(): void {
    this.watch.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watch.stop();
  }
}

/**
 * EndedRightsModule: has kept answers forgotten as soon as the right that they stand on has ended; while that cannot be known, none is
 * used.
 */
@Module({})
export class EndedRightsModule {
  static forRoot({ service, config, tell, instead }: EndedRightsOptions): DynamicModule {
    const source = { service, brokers: config.KAFKA_BROKERS, databaseUrl: config.DATABASE_URL };
    const open = instead?.open ?? (() => openWatchBus(source, quiet));
    const useFactory = (kept: KeptAnswers) =>
      new EndedRightsWatch(new Watch({ topic, open, follower: counted(topic, new EndedRights(kept, instead?.settledMs)), report }));
    return { module: EndedRightsModule, providers: [{ provide: EndedRightsWatch, useFactory, inject: [tell] }] };
  }
}

/** What the bus says while it keeps trying, the watch says once. */
const quiet: Report = (_level, message, error) => report('debug', message, error);
