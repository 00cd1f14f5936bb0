import {
  Injectable,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Events } from '@facet/events';
import { Kysely } from 'kysely';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import { Consumption } from './events/consumption.js';
import { claimStore } from './files/claim-store.js';
import { Cleanup } from './files/cleanup.js';
import { FileStore } from './files/file-store.js';
import { Images } from './files/images.js';
import { Rounds } from './files/rounds.js';
import { AttachmentsController } from './http/attachments.controller.js';
import { Media, type Limits } from './media.js';
import type { Db } from './store/tables.js';

export type MediaSettings = Limits & Pick<Config, 'MEDIA_DIR' | 'UNPOSTED_MS' | 'MAX_PIXELS' | 'IMAGES_AT_ONCE' | 'CLEANUP_MS'>;

@Injectable()
class MediaLifecycle implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly media: Media,
    private readonly rounds: Rounds,
  ) {}

  async onModuleInit(): Promise<void> {
    const { db, files } = this.media;
    await files.prepare();
    await claimStore(db, files.folder);
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }
}

/** Attachments: their routes, what those work on, and the rounds of cleaning up after them. */
@Module({})
export class MediaModule {
  static forRoot(settings: MediaSettings, clock: Clock): DynamicModule {
    const files = new FileStore(settings.MEDIA_DIR);
    const images = new Images(settings.MAX_PIXELS, settings.IMAGES_AT_ONCE);
    const roundsOn = (db: Db, events: Events) => {
      const logger = new Logger('cleanup');
      const failed = (error: unknown) => logger.error(error);
      const consumption = new Consumption(() => events.mark('facet.messages.v1'), clock);
      const times = { unpostedMs: settings.UNPOSTED_MS, uploadMs: settings.UPLOAD_MS };
      const cleanup = new Cleanup(db, files, clock, consumption, { ...times, failed });
      return new Rounds(() => cleanup.run(), { everyMs: settings.CLEANUP_MS, failed });
    };
    const mediaOn = (db: Db, rounds: Rounds): Media => ({ db, files, images, clock, limits: settings, cleanUpSoon: () => rounds.soon() });
    return {
      module: MediaModule,
      controllers: [AttachmentsController],
      providers: [
        { provide: Rounds, useFactory: roundsOn, inject: [Kysely, Events] },
        { provide: Media, useFactory: mediaOn, inject: [Kysely, Rounds] },
        MediaLifecycle,
      ],
    };
  }
}
