import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { missingScope } from './challenge.js';
import type { Attributes } from './conditions.js';
import { decide, type Decision } from './decide.js';
import type { RuleName } from './policy.js';

/** isAllowed: whether the caller may, for who knows all there is to know. What is unknown then, such as a room that is not there, is no. */
export function isAllowed(caller: Caller, rule: RuleName, about?: Attributes): boolean {
  return decide(caller, rule, about).allowed === true;
}

/** authorize: passes, or throws `forbidden`, `insufficient-scope` or `not-found`, as the rule says; for who knows all there is to know. */
export function authorize(caller: Caller, rule: RuleName, about?: Attributes): void {
  const decision = decide(caller, rule, about);
  if (decision.allowed !== true) throw refusalOf(decision);
}

/** refuseEarly: throws where the little that is known is enough to refuse; who knows more decides the rest. */
export function refuseEarly(caller: Caller, rule: RuleName, about?: Attributes): void {
  const decision = decide(caller, rule, about);
  if (decision.allowed === false) throw refusalOf(decision);
}

/** refusalOf: the problem that a decision against somebody is; it explains itself to logs, and in development to the client. */
export function refusalOf(decision: Decision): ProblemError {
  const { code = 'forbidden', detail, scope } = decision;
  if (scope) return missingScope([scope], { detail, explanation: decision });
  return new ProblemError(code, { detail, explanation: decision });
}
