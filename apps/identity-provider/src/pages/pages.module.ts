import { Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import { PersonalData } from '../accounts/personal-data.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Config } from '../config.js';
import { Vault } from '../keys/vault.js';
import { Challenges } from '../mail/challenges.js';
import { codeRulesOf, type CodeConfig } from '../mail/code-settings.js';
import { POST_OFFICE } from '../mail/mail.module.js';
import type { PostOffice } from '../mail/post-office.js';
import { Issuer } from '../oidc/issuer.js';
import { PartnerKeys } from '../partner-keys/partner-keys.js';
import { Attempts } from '../sign-in/attempts.js';
import { Passwords } from '../sign-in/passwords.js';
import { Passkeys } from '../sign-in/passkeys.js';
import { SecondFactors } from '../sign-in/second-factors.js';
import type { Db } from '../store/tables.js';
import { FormTokens } from './form-tokens.js';
import { PAGE_SERVICES } from './mount-pages.js';
import type { PageServices } from './visit.js';

type PagesConfig = Pick<Config, 'ROOT_KEY' | 'ARGON2_MEMORY_KIB' | 'ARGON2_ITERATIONS' | 'ARGON2_PARALLELISM'> & CodeConfig;

@Module({})
export class PagesModule {
  static forRoot(oidc: DynamicModule, config: PagesConfig): DynamicModule {
    const passwords = new Passwords(config);
    return {
      module: PagesModule,
      imports: [oidc],
      providers: [
        { provide: Passwords, useValue: passwords },
        {
          provide: PAGE_SERVICES,
          inject: [Kysely, Issuer, PersonalData, Vault, AuditTrail, PartnerKeys, POST_OFFICE],
          useFactory: (
            db: Db,
            issuer: Issuer,
            personal: PersonalData,
            vault: Vault,
            audit: AuditTrail,
            partnerKeys: PartnerKeys,
            postOffice?: PostOffice,
          ): PageServices => {
            const attempts = new Attempts(db, config.ROOT_KEY);
            const challenges = new Challenges(db, vault, config.ROOT_KEY);
            const secondFactors = new SecondFactors(db, vault, audit, config.ROOT_KEY);
            const mail = postOffice && { postOffice, codeRules: codeRulesOf(db, config) };
            return {
              db,
              audit,
              partnerKeys,
              mail,
              challenges,
              secondFactors,
              passkeys: new Passkeys(db, audit, issuer.name, config.ROOT_KEY),
              issuer,
              vault,
              personal,
              passwords,
              attempts,
              formTokens: new FormTokens(config.ROOT_KEY),
            };
          },
        },
      ],
      exports: [Passwords],
    };
  }
}
