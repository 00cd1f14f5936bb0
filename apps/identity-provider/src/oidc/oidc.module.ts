import { ClientCertificates } from '@facet/auth';
import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Config } from '../config.js';
import { KeySet } from '../keys/key-set.js';
import { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { AccessTokens } from './access-tokens.js';
import { partnerUrlOf } from './certificate-binding.js';
import { createProvider } from './create-provider.js';
import { Issuer } from './issuer.js';

type OidcConfig = Pick<Config, 'ISSUER_URL' | 'CLIENTS' | 'ROOT_KEY'> &
  Partial<Pick<Config, 'CLIENT_CERT_PROXIES' | 'PARTNER_TLS_URL' | 'PARTNER_TLS_PORT'>>;

@Module({})
export class OidcModule {
  static forRoot(config: OidcConfig): DynamicModule {
    const { ISSUER_URL: issuer, CLIENTS: clients, ROOT_KEY: rootKey } = config;
    const logger = new Logger('oidc');
    const certificates = new ClientCertificates(config.CLIENT_CERT_PROXIES);
    const own = { issuer, clients, rootKey, certificates, partnerUrl: partnerUrlOf(config) };
    const report = (error: unknown) => logger.error(error);
    return {
      module: OidcModule,
      providers: [
        {
          provide: Issuer,
          inject: [KeySet, Kysely, Vault, AuditTrail],
          useFactory: (keySet: KeySet, db: Db, vault: Vault, audit: AuditTrail) =>
            new Issuer(issuer, keySet, (keys) => createProvider({ ...own, keys, db, vault, audit, report })),
        },
        { provide: AccessTokens, inject: [KeySet], useFactory: (keySet: KeySet) => new AccessTokens(issuer, keySet) },
      ],
      exports: [Issuer, AccessTokens],
    };
  }
}
