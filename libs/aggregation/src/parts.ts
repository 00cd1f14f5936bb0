import type { RequestContext } from '@facet/context';

/** Ask: one call, within the context that it is given. */
export type Ask<T> = (within: RequestContext) => Promise<T>;

/** RequiredPart: without it there is no answer. */
export interface RequiredPart<T> {
  readonly kind: 'required';
  readonly ask: Ask<T>;
}

/** OptionalPart: absent where its dependency gives no answer. */
export interface OptionalPart<T> {
  readonly kind: 'optional' | 'stale';
  readonly ask: Ask<T>;
}

/** required: a part without which there is no answer. Its failure is the answer's failure. */
export function required<T>(ask: Ask<T>): RequiredPart<T> {
  return { kind: 'required', ask };
}

/** optional: a part that is undefined where its dependency gives no usable answer (DownstreamError). Any other failure is the answer's failure. */
export function optional<T>(ask: Ask<T>): OptionalPart<T> {
  return { kind: 'optional', ask };
}

/** stale: an optional part that may be the last good answer of the same call, where that is at most `maxAgeMs` old. The part is named in `degraded` all the same. */
export function stale<T>(ask: Ask<T>, { maxAgeMs }: { readonly maxAgeMs: number }): OptionalPart<T> {
  return { kind: 'stale', ask: (within) => ask(within.allowStale(maxAgeMs)) };
}
