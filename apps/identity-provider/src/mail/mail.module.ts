import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import type { Config } from '../config.js';
import { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { PostOffice, type Send } from './post-office.js';
import { smtp } from './smtp.js';

export const POST_OFFICE = Symbol('post office');

type MailConfig = Pick<Config, 'FACET_ENV' | 'SMTP_URL' | 'MAIL_FROM'>;

/** Letters: by SMTP, or in development into the mailbox. Elsewhere without SMTP there are none, nor anything that needs them. */
@Module({})
export class MailModule {
  static forRoot(config: MailConfig): DynamicModule {
    const send = sendOf(config);
    const keepsSent = config.SMTP_URL === undefined;
    const useFactory = (db: Db, vault: Vault) => send && new PostOffice(db, vault, send, keepsSent);
    return {
      module: MailModule,
      global: true,
      providers: [{ provide: POST_OFFICE, inject: [Kysely, Vault], useFactory }],
      exports: [POST_OFFICE],
    };
  }
}

function sendOf({ FACET_ENV, SMTP_URL, MAIL_FROM }: MailConfig): Send | undefined {
  if (SMTP_URL) return smtp({ url: SMTP_URL, from: MAIL_FROM });
  if (FACET_ENV === 'development') return () => Promise.resolve();
  new Logger('mail').warn('Without SMTP_URL nobody can sign up or renew a forgotten password');
  return undefined;
}
