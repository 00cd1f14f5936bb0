import { Revocations } from '@facet/auth';
import type { Caller } from '@facet/context';
import { StateModule, SHARED_STATE, type SharedState } from '@facet/state';
import { Logger, Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { IssuerClient } from './issuer-client.js';
import { Seal } from './seal.js';
import { SessionIndex } from './session-index.js';
import { SessionStore } from './session-store.js';
import { SessionController } from './session.controller.js';
import { Sessions } from './sessions.js';
import { SignIns } from './sign-ins.js';
import { Web } from './web.js';

/** Signing in and out, and the sessions in between. */
@Module({})
export class SessionModule {
  static forRoot(config: Config, instead?: SharedState): DynamicModule {
    const web = {
      provide: Web,
      inject: [SHARED_STATE, Revocations],
      useFactory: (state: SharedState, revocations: Revocations) => webOf(config, state, revocations),
    };
    const sessions = { provide: Sessions, inject: [Web], useFactory: ({ sessions }: Web) => sessions };
    return {
      module: SessionModule,
      global: true,
      imports: [
        StateModule.forRoot(
          { redisUrl: config.REDIS_URL, databaseUrl: config.DATABASE_URL, schema: 'web_bff', application: 'web-bff' },
          instead,
        ),
      ],
      controllers: [SessionController],
      providers: [web, sessions],
      exports: [Web, Sessions],
    };
  }
}

function webOf(config: Config, state: SharedState, revocations: Revocations): Web {
  const { ISSUER_URL, PUBLIC_URL: publicUrl, CLIENT_KEY, SESSION_KEYS, SESSION_IDLE_MS, SESSION_MAX_MS } = config;
  const logger = new Logger('session');
  const report = (failure: unknown, message: string) => logger.warn({ error: failure }, message);
  const seal = new Seal(SESSION_KEYS);
  const issuer = new IssuerClient({ issuer: ISSUER_URL, publicUrl, clientKey: CLIENT_KEY });
  const store = new SessionStore(state, seal, { idleMs: SESSION_IDLE_MS, maxMs: SESSION_MAX_MS });
  const index = new SessionIndex(state, SESSION_MAX_MS);
  const isRevoked = (caller: Caller) => revocations.covers(caller);
  const sessions = new Sessions({ store, index, issuer, isRevoked, report });
  return { issuer, sessions, signIns: new SignIns(seal), publicUrl, report };
}
