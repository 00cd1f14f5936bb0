import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Config } from '../config.js';
import { KeySet } from '../keys/key-set.js';
import { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { AccessTokens } from './access-tokens.js';
import { createProvider } from './create-provider.js';
import { Issuer } from './issuer.js';

@Module({})
export class OidcModule {
  static forRoot(config: Pick<Config, 'ISSUER_URL' | 'CLIENTS' | 'ROOT_KEY'>): DynamicModule {
    const { ISSUER_URL: issuer, CLIENTS: clients, ROOT_KEY: rootKey } = config;
    const logger = new Logger('oidc');
    const report = (error: unknown) => logger.error(error);
    return {
      module: OidcModule,
      providers: [
        {
          provide: Issuer,
          inject: [KeySet, Kysely, Vault, AuditTrail],
          useFactory: (keySet: KeySet, db: Db, vault: Vault, audit: AuditTrail) =>
            new Issuer(issuer, keySet, (keys) => createProvider({ issuer, keys, db, vault, clients, rootKey, audit, report })),
        },
        { provide: AccessTokens, inject: [KeySet], useFactory: (keySet: KeySet) => new AccessTokens(issuer, keySet) },
      ],
      exports: [Issuer, AccessTokens],
    };
  }
}
