import { Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { KeySet } from '../keys/key-set.js';
import { Vault } from '../keys/vault.js';
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
          inject: [Kysely, Vault, KeySet],
          useFactory: (db: Db, vault: Vault, keySet: KeySet) => new Upkeep({ db, vault, keySet, signingKeyDays }),
        },
      ],
    };
  }
}
