import type { DeclaredOutcome, Fault, FaultOutcome } from '@facet/edge';
import { codeByReason, type DegradedReason, type ProblemCode } from '@facet/errors';

/** What may happen to a dependency, in the order of the page. */
export const faults = ['down', 'slow', 'error', 'garbage', 'flapping'] as const satisfies readonly Fault[];

/** Why a dependency that fails so gives no usable answer. */
const reasons: Readonly<Record<Fault, DegradedReason>> = {
  down: 'unavailable',
  slow: 'timeout',
  error: 'invalid',
  garbage: 'invalid',
  flapping: 'unavailable',
};

/** What a cell of the matrix must come to. */
export interface Expected {
  readonly outcome: Exclude<FaultOutcome, 'once'>;
  readonly reason: DegradedReason;
  /** What a problem, or an error of GraphQL, is called then: by the one error table. */
  readonly code: ProblemCode;
}

/** The rule of each word: what is declared about a dependency, and what that means when it fails so. What is not declared is never called. */
export function expectedOf(declared: DeclaredOutcome | undefined, fault: Fault): Expected {
  const reason = reasons[fault];
  return { outcome: outcomeOf(declared, fault), reason, code: codeByReason[reason] };
}

function outcomeOf(declared: DeclaredOutcome | undefined, fault: Fault): Expected['outcome'] {
  if (declared === undefined) return 'whole';
  if (typeof declared === 'object') return declared[fault] ? literal(declared[fault]) : outcomeOf(declared.otherwise, fault);
  return fault === 'flapping' && declared !== 'once' ? 'whole' : literal(declared);
}

function literal(outcome: FaultOutcome): Expected['outcome'] {
  return outcome === 'once' ? 'problem' : outcome;
}

/** A declaration as the page shows it. */
export function wordsOf(declared: DeclaredOutcome): string {
  if (typeof declared === 'string') return declared;
  const { otherwise, ...exceptions } = declared;
  return `${otherwise} (${Object.entries(exceptions)
    .map(([fault, outcome]) => `${fault}: ${outcome}`)
    .join(', ')})`;
}
