import type { Challenges } from '../mail/challenges.js';
import type { Attempts } from './attempts.js';
import type { Passkeys } from './passkeys.js';

export interface PasskeyServices {
  readonly attempts: Attempts;
  readonly challenges: Challenges;
  readonly passkeys: Passkeys;
}

export type PasskeyStep = { readonly accountId: string; readonly amr: string[] } | { readonly waitSeconds: number } | 'refused';

/** Who a passkey says it is: by itself, or after the password of the same visit. */
export async function provePasskey(
  { attempts, challenges, passkeys }: PasskeyServices,
  { visit, answer, address }: { visit: string; answer: string; address: string },
): Promise<PasskeyStep> {
  const attempt = await attempts.begin('passkey', { name: visit, address });
  if (attempt.waitSeconds !== undefined) return { waitSeconds: attempt.waitSeconds };
  const proof = await passkeys.prove(visit, answer);
  if (!proof) return 'refused';
  const { accountId, amr, second } = proof;
  if (second && !(await challenges.end(visit, 'second-factor'))) return 'refused';
  await attempt.succeeded();
  return { accountId, amr: second ? ['pwd', ...amr] : amr };
}
