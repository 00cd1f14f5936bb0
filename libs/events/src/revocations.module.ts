import { Revocations, revocationLivesMs } from '@facet/auth';
import {
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type InjectionToken,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { counted } from './counted.js';
import type { Report } from './event-bus.js';
import { Events } from './events.js';
import { reportTo } from './report.js';
import { RevocationFeed, revocationsTopic, type RemembersCallers, type UsesKeptAnswers } from './revoked.js';
import { openWatchBus, Watch, type Follower, type WatchBus } from './watch.js';

export { revoked, RevocationFeed, revocationsTopic, type RemembersCallers, type UsesKeptAnswers } from './revoked.js';
export type { WatchBus } from './event-bus.js';

const report = reportTo(new Logger('revocations'));
const slackMs = 5 * 60_000;
const patienceMs = 2_000;

/** RevocationsOptions: where revocations come from, and who is to forget callers. */
export interface RevocationsOptions {
  /** Name of the application. */
  readonly service: string;
  /** Settings of an application without a schema: brokers, or a database in which its role may watch. Absent: the application has EventsModule. */
  readonly config?: { readonly KAFKA_BROKERS: readonly string[]; readonly DATABASE_URL?: string | undefined };
  /** Classes that remember callers, as tokens. */
  readonly tell?: readonly (abstract new (...args: never[]) => RemembersCallers | UsesKeptAnswers)[];
  /** What a test has instead of the events of the configuration. */
  readonly instead?: { readonly open: () => Promise<WatchBus> } | undefined;
}

/** Watches while the application runs, which is not ready before it knows what was revoked before it started. */
class RevocationsWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly name = 'revocations';
  readonly #watch: Watch;
  readonly #caughtUp = Promise.withResolvers<true>();

  constructor(open: () => Promise<WatchBus>, feed: Follower) {
    const follower: Follower = {
      began: () => {
        feed.began();
        this.#caughtUp.resolve(true);
      },
      saw: (event) => feed.saw(event),
      lost: () => feed.lost(),
    };
    const backMs = revocationLivesMs + slackMs;
    this.#watch = new Watch({ topic: revocationsTopic, backMs, open, follower: counted(revocationsTopic, follower), report });
  }

  /** Waits for it, but not for a bus that is away. */
  async onApplicationBootstrap(): Promise<void> {
    this.#watch.start();
    await this.#knows(patienceMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#watch.stop();
  }

  /** Once it has seen, it stays ready: tokens that were issued expire by themselves. */
  async ping(): Promise<void> {
    if (!(await this.#knows(0))) throw new Error('Revocations of before the start are not known yet');
  }

  #knows(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs, false);
      void this.#caughtUp.promise.then((known) => {
        clearTimeout(timer);
        resolve(known);
      });
    });
  }
}

/**
 * RevocationsModule: the application knows within a second who was revoked (`Revocations`, for all modules), and what remembered him forgets him. It is not
 * ready before it has caught up with what was revoked before it started. While revocations cannot be seen, tokens are good until they expire, kept answers are
 * not used, and `facet_watching` is 0; then it goes on where it was.
 */
@Module({})
export class RevocationsModule {
  static forRoot({ service, config, tell = [], instead }: RevocationsOptions): DynamicModule {
    const source = config && { service, brokers: config.KAFKA_BROKERS, databaseUrl: config.DATABASE_URL };
    const opening = (events?: Events) => {
      if (instead) return instead.open;
      if (source) return () => openWatchBus(source, quiet);
      return async () => events!.watchBus();
    };
    const inject: InjectionToken[] = [Revocations, ...tell, ...(source || instead ? [] : [Events])];
    const useFactory = (revocations: Revocations, ...given: unknown[]) => {
      const kept = given.slice(0, tell.length) as UsesKeptAnswers[];
      return new RevocationsWatch(opening(given[tell.length] as Events | undefined), new RevocationFeed(revocations, kept));
    };
    return {
      module: RevocationsModule,
      global: true,
      providers: [
        { provide: Revocations, useFactory: () => new Revocations() },
        { provide: RevocationsWatch, inject, useFactory },
      ],
      exports: [Revocations],
    };
  }
}

/** What the bus says while it keeps trying, the watch says once. */
const quiet: Report = (_level, message, error) => report('debug', message, error);
