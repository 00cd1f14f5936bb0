import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import Provider from 'oidc-provider';
import { loadSigningKeys, type SigningKey } from '../keys/signing-keys.js';
import type { Db } from '../store/tables.js';
import { AccessTokens } from './access-tokens.js';
import { createProvider } from './create-provider.js';

const KEYS = Symbol('KEYS');

@Module({})
export class OidcModule {
  static forRoot({ issuer }: { issuer: string }): DynamicModule {
    return {
      module: OidcModule,
      providers: [
        { provide: KEYS, inject: [Kysely], useFactory: (db: Db) => loadSigningKeys(db) },
        {
          provide: Provider,
          inject: [KEYS, Kysely],
          useFactory: (keys: SigningKey[], db: Db) => logged(createProvider({ issuer, keys, db })),
        },
        { provide: AccessTokens, inject: [KEYS], useFactory: ([key]: [SigningKey]) => new AccessTokens(issuer, key) },
      ],
      exports: [Provider, AccessTokens],
    };
  }
}

function logged(provider: Provider): Provider {
  const logger = new Logger('oidc');
  return provider.on('server_error', (_context, error) => logger.error(error));
}
