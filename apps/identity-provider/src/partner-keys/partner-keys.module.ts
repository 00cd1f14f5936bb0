import { InternalTokenVerifier } from '@facet/auth';
import { Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Config } from '../config.js';
import type { Db } from '../store/tables.js';
import { KeysController } from './keys.controller.js';
import { onlyPartnerBff, OWN_TLS } from './partner-bff.guard.js';
import { PartnerKeys } from './partner-keys.js';

/** Keys of partners: for the pages that manage them, and for partner-bff, which is shown them. */
@Module({})
export class PartnerKeysModule {
  static forRoot(config: Pick<Config, 'FACET_ENV' | 'ROOT_KEY' | 'INTERNAL_KEYS' | 'TLS_CERT_FILE'>): DynamicModule {
    const tokens = new InternalTokenVerifier({ audience: 'identity-provider', keys: config.INTERNAL_KEYS, policies: onlyPartnerBff });
    return {
      module: PartnerKeysModule,
      global: true,
      controllers: [KeysController],
      providers: [
        {
          provide: PartnerKeys,
          inject: [Kysely, AuditTrail],
          useFactory: (db: Db, audit: AuditTrail) => new PartnerKeys(db, audit, config),
        },
        { provide: InternalTokenVerifier, useValue: tokens },
        { provide: OWN_TLS, useValue: config },
      ],
      exports: [PartnerKeys],
    };
  }
}
