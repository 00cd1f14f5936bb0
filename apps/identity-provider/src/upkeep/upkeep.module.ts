import { Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { AuditTrail } from '../audit/audit-trail.js';
import { KeySet } from '../keys/key-set.js';
import { Vault } from '../keys/vault.js';
import { POST_OFFICE } from '../mail/mail.module.js';
import type { PostOffice } from '../mail/post-office.js';
import type { Db } from '../store/tables.js';
import { Upkeep } from './upkeep.js';

@Module({})
export class UpkeepModule {
  static forRoot({ signingKeyDays }: { signingKeyDays: number }): DynamicModule {
    return {
      module: UpkeepModule,
      providers: [
        {
          provide: Upkeep,
          inject: [Kysely, Vault, AuditTrail, KeySet, POST_OFFICE],
          useFactory: (db: Db, vault: Vault, audit: AuditTrail, keySet: KeySet, postOffice?: PostOffice) =>
            new Upkeep({ db, vault, audit, keySet, postOffice, signingKeyDays }),
        },
      ],
    };
  }
}
