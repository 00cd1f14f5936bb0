import type { Challenges } from '../mail/challenges.js';
import type { Attempts } from './attempts.js';
import type { SecondFactors } from './second-factors.js';

export interface SecondFactorServices {
  readonly attempts: Attempts;
  readonly challenges: Challenges;
  readonly secondFactors: SecondFactors;
}

export type SecondStep = { readonly accountId: string; readonly amr: string[] } | { readonly waitSeconds: number } | 'wrong' | 'over';

/** The second step of a visit whose password was right. Five tries in one visit, and over all visits a wait that grows. */
export async function proveSecondFactor(
  { attempts, challenges, secondFactors }: SecondFactorServices,
  { visit, code, address }: { visit: string; code: string; address: string },
): Promise<SecondStep> {
  const waiting = await challenges.waitingFor(visit, 'second-factor');
  if (!waiting) return 'over';
  const { accountId, last } = waiting;
  const attempt = await attempts.begin('second-factor', { name: accountId, address });
  if (attempt.waitSeconds !== undefined) return { waitSeconds: attempt.waitSeconds };
  if (!(await secondFactors.prove(accountId, code))) return last ? 'over' : 'wrong';
  await attempt.succeeded();
  if (!(await challenges.end(visit, 'second-factor'))) return 'over';
  return { accountId, amr: ['pwd', 'otp', 'mfa'] };
}
