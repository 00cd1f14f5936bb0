import type { CodeRules } from '../mail/code-rules.js';
import type { PostOffice } from '../mail/post-office.js';
import type { PersonalData } from '../accounts/personal-data.js';
import type { Db } from '../store/tables.js';

interface Services {
  readonly db: Db;
  readonly personal: PersonalData;
  readonly codeRules: CodeRules;
  readonly postOffice: PostOffice;
}

/** The phone of an account, where it may get one more code now. Nobody is told that it may not: the code comes in another way. The same is asked for nobody. */
export async function reachablePhone(
  { db, personal, codeRules, postOffice }: Services,
  accountId: string | undefined,
): Promise<string | undefined> {
  const account = await db
    .selectFrom('account')
    .select(['id', 'phone_sealed', 'phone_key_version'])
    .where('id', '=', accountId ?? nobody)
    .executeTakeFirst();
  const phone = account && personal.phoneOf(account);
  const tooMany = await codeRules.limits.count('to', phone ?? `nobody:${accountId ?? ''}`);
  return phone && !tooMany && codeRules.reaches(phone) && postOffice.reachesPhones ? phone : undefined;
}

const nobody = '00000000-0000-0000-0000-000000000000';
