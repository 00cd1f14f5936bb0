// The rules of completeness as one table, from which all 625 cases are generated, and those of parts that hang. Written from what is
// promised, not from the code.
import type { DegradedReason, ProblemCode } from '@facet/errors';

/** Four parts of one answer: `kept` and `bare` are stale parts, with and without a last good answer. */
export const kinds = ['required', 'optional', 'kept', 'bare'] as const;
export type Kind = (typeof kinds)[number];

/** What a dependency does: answers, is away, is too slow, answers nonsense, or says no (403, 404). */
export const outcomes = ['ok', 'error', 'timeout', 'invalid', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];

/** Whose part it is: the name in `degraded`. */
export const dependencyOf = { required: 'rooms', optional: 'presence', kept: 'notifications', bare: 'messages' } as const;

/** What becomes of one part: its value, nothing and why, the last good answer and why, or the failure of the whole answer. */
type Effect =
  | { readonly value: 'fresh' | null | 'old'; readonly reason?: DegradedReason }
  | { readonly status: number; readonly code: ProblemCode; readonly retryAfter: string | null };

const fresh: Effect = { value: 'fresh' };
const missing = (reason: DegradedReason): Effect => ({ value: null, reason });
const old = (reason: DegradedReason): Effect => ({ value: 'old', reason });
const notFound: Effect = { status: 404, code: 'not-found', retryAfter: null };
const forbidden: Effect = { status: 403, code: 'forbidden', retryAfter: null };

/**
 * A required part fails the answer, whatever its failure. An optional or stale one hides that there was no usable answer, never a refusal: that is an
 * answer, and an old one must not stand in for it.
 */
const rules: Readonly<Record<Kind, Readonly<Record<Outcome, Effect>>>> = {
  required: {
    ok: fresh,
    error: { status: 503, code: 'dependency-unavailable', retryAfter: '1' },
    timeout: { status: 504, code: 'deadline-exceeded', retryAfter: '1' },
    invalid: { status: 502, code: 'dependency-failed', retryAfter: null },
    refused: notFound,
  },
  optional: { ok: fresh, error: missing('unavailable'), timeout: missing('timeout'), invalid: missing('invalid'), refused: forbidden },
  kept: { ok: fresh, error: old('unavailable'), timeout: old('timeout'), invalid: old('invalid'), refused: notFound },
  bare: { ok: fresh, error: missing('unavailable'), timeout: missing('timeout'), invalid: missing('invalid'), refused: forbidden },
};

/** Some `Each` for each of the parts. */
type Parts<Each> = Readonly<Record<Kind, Each>>;
export type Case = Parts<Outcome>;
/** A part may still be on its way when another one has failed, or the time is up. */
export type SlowCase = Parts<Outcome | 'hangs'>;

function allOf<Each>(each: readonly Each[]): readonly Parts<Each>[] {
  return each.flatMap((required) =>
    each.flatMap((optional) => each.flatMap((kept) => each.map((bare) => ({ required, optional, kept, bare })))),
  );
}

/** All ways in which four dependencies can behave. */
export const cases: readonly Case[] = allOf(outcomes);

/** All ways in which some of them hang while the others answer, are away or say no. */
export const slowCases: readonly SlowCase[] = allOf(['ok', 'error', 'refused', 'hangs'] as const).filter(
  (one) => hangingIn(one).length > 0,
);

/** The parts that hang, in their order. */
export function hangingIn(one: SlowCase): readonly Kind[] {
  return kinds.filter((kind) => one[kind] === 'hangs');
}

const withHanging = (one: SlowCase, outcome: Outcome): Case =>
  Object.fromEntries(kinds.map((kind) => [kind, one[kind] === 'hangs' ? outcome : one[kind]])) as Case;

/** Whether the answer has failed before any part that hangs could matter. */
export function failsAtOnce(one: SlowCase): boolean {
  return expectedOf(withHanging(one, 'ok')).status !== 200;
}

/** What the client must see where parts hang: the failure of another one, at once; else what there is when the time is up. */
export function expectedInTimeOf(one: SlowCase) {
  return expectedOf(withHanging(one, failsAtOnce(one) ? 'ok' : 'timeout'));
}

/** What the client must see. Of several failures at one time the first part's counts. A whole answer may be kept, a degraded one or a problem never. */
export function expectedOf(one: Case) {
  const effects = kinds.map((kind) => ({ kind, ...rules[kind][one[kind]] }));
  const failure = effects.find((effect) => 'status' in effect);
  if (failure && 'status' in failure) {
    const { status, code, retryAfter } = failure;
    return { status, body: { status, code }, ...nothingKept, degraded: null, retryAfter };
  }
  const values = Object.fromEntries(effects.map((effect) => [effect.kind, 'value' in effect && effect.value]));
  const lacking = effects.flatMap(({ kind, ...effect }) => ('reason' in effect && effect.reason ? [{ kind, reason: effect.reason }] : []));
  const header = lacking.map(({ kind, reason }) => `${dependencyOf[kind]};reason=${reason}`).sort();
  const body = {
    ...values,
    lacking: lacking.map(({ kind, reason }) => `${kind}: ${reason}`).sort(),
    degraded: lacking.map(({ kind }) => dependencyOf[kind]).sort(),
  };
  if (lacking.length === 0) return { status: 200, body, ...keptByItsCaller, degraded: null, retryAfter: null };
  return { status: 200, body, ...nothingKept, degraded: header, retryAfter: null };
}

const nothingKept = { cacheControl: 'no-store', etag: false, vary: null };
const keptByItsCaller = { cacheControl: 'private, no-cache', etag: true, vary: 'authorization' };
