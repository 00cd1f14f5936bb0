import type { Challenges } from '../mail/challenges.js';
import type { Attempts, Delay } from './attempts.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { AuditOutcome, Db } from '../store/tables.js';
import type { Proven } from './sign-in.js';
import type { Passwords } from './passwords.js';
import { kindOfCode, type SecondFactors } from './second-factors.js';

export interface SecondFactorServices {
  readonly db: Db;
  readonly audit: AuditTrail;
  readonly attempts: Attempts;
  readonly challenges: Challenges;
  readonly secondFactors: SecondFactors;
  readonly passwords: Passwords;
}

export type SecondStep = (Proven & { readonly amr: string[] }) | Delay | 'wrong' | 'over';

/** The second step of a visit whose password was right. Five tries in one visit, and over all visits a wait that grows. */
export async function proveSecondFactor(
  { db, audit, attempts, challenges, secondFactors, passwords }: SecondFactorServices,
  { visit, code, address }: { visit: string; code: string; address: string },
): Promise<SecondStep> {
  const waiting = await challenges.waitingFor(visit, 'second-factor');
  if (!waiting) return 'over';
  const { accountId, last, provenAt } = waiting;
  const attempt = await attempts.begin('second-factor', { name: accountId, address });
  const record = (outcome: AuditOutcome) => audit.record(db, { event: 'second-step', outcome, about: kindOfCode(code), accountId });
  if (attempt.delay) {
    await audit.record(db, { event: 'second-step', about: kindOfCode(code), accountId, delay: attempt.delay });
    return attempt.delay;
  }
  if (!(await secondFactors.prove(accountId, code))) {
    await record('refused');
    return last ? 'over' : 'wrong';
  }
  await attempt.succeeded();
  if (!(await challenges.end(visit, 'second-factor'))) return 'over';
  await passwords.confirm(db, accountId);
  await record('ok');
  return { accountId, amr: ['pwd', 'otp', 'mfa'], provenAt };
}
