import type { Challenges } from '../mail/challenges.js';
import type { Attempts, Delay } from './attempts.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { AuditOutcome, Db } from '../store/tables.js';
import type { Passwords } from './passwords.js';
import type { PasskeyProof, Passkeys } from './passkeys.js';
import type { Proven } from './sign-in.js';

export interface PasskeyServices {
  readonly db: Db;
  readonly audit: AuditTrail;
  readonly attempts: Attempts;
  readonly challenges: Challenges;
  readonly passkeys: Passkeys;
  readonly passwords: Passwords;
}

export type PasskeyStep = (Proven & { readonly amr: string[] }) | Delay | 'refused';

/** Who a passkey says it is: by itself, or after the password of the same visit. */
export async function provePasskey(
  { db, audit, attempts, challenges, passkeys, passwords }: PasskeyServices,
  { visit, answer, address }: { visit: string; answer: string; address: string },
): Promise<PasskeyStep> {
  const attempt = await attempts.begin('passkey', { name: visit, address });
  const record = (outcome: AuditOutcome, of?: PasskeyProof) =>
    audit.record(db, { event: of?.second ? 'second-step' : 'sign-in', outcome, about: 'passkey', accountId: of?.accountId });
  if (attempt.delay) {
    await audit.record(db, { event: 'sign-in', about: 'passkey', delay: attempt.delay });
    return attempt.delay;
  }
  const proof = await passkeys.prove(visit, answer);
  if (!proof) {
    await record('refused');
    return 'refused';
  }
  const { accountId, amr, second } = proof;
  const first = second ? await challenges.end(visit, 'second-factor') : undefined;
  if (second && !first) return 'refused';
  await attempt.succeeded();
  if (second) await passwords.confirm(db, accountId);
  await record('ok', proof);
  return { accountId, amr: second ? ['pwd', ...amr] : amr, provenAt: first?.provenAt ?? proof.provenAt };
}
