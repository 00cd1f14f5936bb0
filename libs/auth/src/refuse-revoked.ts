import type { ProblemError } from '@facet/errors';
import type { AuthenticationStep } from './authentication-step.js';
import { refusedCredential } from './challenge.js';
import type { Revocations } from './revocations.js';

/** revokedCredential: the 401 for who was revoked. */
export function revokedCredential(): ProblemError {
  return refusedCredential(new Error('It was revoked'));
}

/** refuseRevoked: the step after all others: whoever has become known is nobody, if what he came with was revoked. */
export function refuseRevoked(revocations: Revocations): AuthenticationStep {
  return {
    name: 'refuse who was revoked',
    run({ caller }) {
      if (caller && revocations.covers(caller)) throw revokedCredential();
    },
  };
}
