import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { Kysely } from 'kysely';
import type { Config } from '../config.js';
import { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { gatewayOf, type SmsConfig } from './code-settings.js';
import { PostOffice, type Post, type Way, type Ways } from './post-office.js';
import { smsGateway } from './sms-gateway.js';
import { smtp } from './smtp.js';

export const POST_OFFICE = Symbol('post office');

type MailConfig = Pick<Config, 'FACET_ENV' | 'SMTP_URL' | 'MAIL_FROM'> & SmsConfig;

/** Letters by SMTP and text messages by a gateway, or in development into the mailbox. Elsewhere without SMTP there are none, nor anything that needs them. */
@Module({})
export class MailModule {
  static forRoot(config: MailConfig): DynamicModule {
    const ways = waysOf(config);
    return {
      module: MailModule,
      global: true,
      providers: [
        { provide: POST_OFFICE, inject: [Kysely, Vault], useFactory: (db: Db, vault: Vault) => ways && new PostOffice(db, vault, ways) },
      ],
      exports: [POST_OFFICE],
    };
  }
}

function waysOf({ FACET_ENV, SMTP_URL, MAIL_FROM, ...sms }: MailConfig): Ways | undefined {
  const waiting: Way<Post> | undefined = FACET_ENV === 'development' ? { send: () => Promise.resolve(), keepsSent: true } : undefined;
  const gateway = gatewayOf(sms);
  const letter = SMTP_URL ? { send: smtp({ url: SMTP_URL, from: MAIL_FROM }), keepsSent: false } : waiting;
  if (!letter) {
    new Logger('mail').warn('Without SMTP_URL nobody can sign up or renew a forgotten password, and accounts have no phones');
    return undefined;
  }
  return { letter, sms: gateway ? { send: smsGateway(gateway), keepsSent: false } : waiting };
}
