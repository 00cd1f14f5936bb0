import type { AuthenticationStep } from './authentication-step.js';
import { wrongBinding } from './dpop-refusals.js';

/** refusePlainTokens: the step for applications whose clients hold keys: a token that is bound to none is refused, save from the clients that are named. */
export function refusePlainTokens({ except }: { readonly except: readonly string[] }): AuthenticationStep {
  return {
    name: 'refuse plain tokens',
    run({ verified }) {
      if (!verified || verified.confirmation || except.includes(verified.caller.client)) return;
      throw wrongBinding('The access token is bound to no key, and its client must have one.');
    },
  };
}
