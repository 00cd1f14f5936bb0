import { Logger, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { Kysely } from 'kysely';
import { Issuer } from '../oidc/issuer.js';
import { sendLogout } from '../oidc/logout-later.js';
import type { Db } from '../store/tables.js';
import { LogoutNotices } from './logout-notices.js';

const everyMs = 500;

/** Every replica looks whether somebody is to be told, whoever wrote it down: a page here, another replica, a command. */
class Telling implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly notices: LogoutNotices) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.notices.deliver(), everyMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.notices.deliver();
  }
}

/** LogoutModule: clients are told of sessions that have ended (back-channel logout). */
@Module({})
export class LogoutModule {
  static forRoot(oidc: DynamicModule): DynamicModule {
    const logger = new Logger('logout');
    const report = (error: unknown) => logger.warn({ error }, 'A client could not be told that a session has ended; it is tried again');
    const useFactory = (db: Db, issuer: Issuer) => new LogoutNotices(db, (...notice) => sendLogout(issuer.provider, ...notice), report);
    return {
      module: LogoutModule,
      imports: [oidc],
      providers: [
        { provide: LogoutNotices, inject: [Kysely, Issuer], useFactory },
        { provide: Telling, inject: [LogoutNotices], useFactory: (notices: LogoutNotices) => new Telling(notices) },
      ],
      exports: [LogoutNotices],
    };
  }
}
