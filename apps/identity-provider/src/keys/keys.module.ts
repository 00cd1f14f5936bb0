import { Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { PersonalData, sealPlainAddresses } from '../accounts/personal-data.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Config } from '../config.js';
import type { Db } from '../store/tables.js';
import { KeySet } from './key-set.js';
import { Vault } from './vault.js';

/** Everything that encrypts, signs and hides, for the whole application. */
@Module({})
export class KeysModule {
  static forRoot(config: Pick<Config, 'ENCRYPTION_KEYS' | 'ROOT_KEY'>): DynamicModule {
    const vault = new Vault(config.ENCRYPTION_KEYS);
    const personal = new PersonalData(vault, config.ROOT_KEY);
    return {
      module: KeysModule,
      global: true,
      providers: [
        { provide: Vault, useValue: vault },
        { provide: AuditTrail, useValue: new AuditTrail(vault, config.ROOT_KEY) },
        {
          provide: PersonalData,
          inject: [Kysely],
          useFactory: async (db: Db) => {
            await sealPlainAddresses(db, personal);
            return personal;
          },
        },
        { provide: KeySet, inject: [Kysely], useFactory: (db: Db) => KeySet.load(db, vault) },
      ],
      exports: [Vault, AuditTrail, PersonalData, KeySet],
    };
  }
}
