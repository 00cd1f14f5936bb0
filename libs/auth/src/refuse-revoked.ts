import type { AuthenticationStep } from './authentication-step.js';
import { refusedCredential } from './challenge.js';
import type { Revocations } from './revocations.js';

/** refuseRevoked: the step after all others: whoever has become known is nobody, if what he came with was revoked. */
export function refuseRevoked(revocations: Revocations): AuthenticationStep {
  return {
    name: 'refuse who was revoked',
    run({ caller }) {
      if (caller && revocations.covers(caller)) throw refusedCredential(new Error('It was revoked'));
    },
  };
}
