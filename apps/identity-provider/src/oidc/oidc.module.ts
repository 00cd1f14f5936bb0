import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import type Provider from 'oidc-provider';
import { KeySet } from '../keys/key-set.js';
import { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { AccessTokens } from './access-tokens.js';
import { createProvider } from './create-provider.js';
import { Issuer } from './issuer.js';

@Module({})
export class OidcModule {
  static forRoot({ issuer }: { issuer: string }): DynamicModule {
    return {
      module: OidcModule,
      providers: [
        {
          provide: Issuer,
          inject: [KeySet, Kysely, Vault],
          useFactory: (keySet: KeySet, db: Db, vault: Vault) =>
            new Issuer(issuer, keySet, (keys) => logged(createProvider({ issuer, keys, db, vault }))),
        },
        { provide: AccessTokens, inject: [KeySet], useFactory: (keySet: KeySet) => new AccessTokens(issuer, keySet) },
      ],
      exports: [Issuer, AccessTokens],
    };
  }
}

function logged(provider: Provider): Provider {
  const logger = new Logger('oidc');
  return provider.on('server_error', (_context, error) => logger.error(error));
}
