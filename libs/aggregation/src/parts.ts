import type { CacheRule, RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';

/** Ask: one call, within the context that it is given. */
export type Ask<T> = (within: RequestContext) => Promise<T>;

/** Dependent: what asks only once other parts of the same gather are there. */
export interface Dependent<T> {
  readonly needs: AnyPart | readonly AnyPart[];
  readonly ask: (needed: never, within: RequestContext) => Promise<T>;
}

/** PartOptions: how a part may be kept by clients and caches; absent: asked for again each time. An answer is kept as its weakest part. */
export interface PartOptions {
  readonly cache?: CacheRule | undefined;
}

interface Part<Kind, T> extends PartOptions {
  readonly kind: Kind;
  readonly ask: Ask<T> | Dependent<T>;
  /** How old a kept answer may be; absent: there is none. */
  readonly maxAgeMs?: number | undefined;
}

/** RequiredPart: without it there is no answer. */
export type RequiredPart<T> = Part<'required', T>;

/** OptionalPart: absent where its dependency gives no answer. */
export type OptionalPart<T> = Part<'optional' | 'stale', T>;

/** AnyPart: a part of whatever kind. */
export type AnyPart = RequiredPart<unknown> | OptionalPart<unknown>;

/** ValueOf: what a part comes to; undefined among it where it may be missing. */
export type ValueOf<P extends AnyPart> = P extends RequiredPart<infer T> ? T : P extends OptionalPart<infer T> ? T | undefined : never;

/** required: a part without which there is no answer. Its failure is the answer's failure. */
export function required<T>(ask: Ask<T> | Dependent<T>, { cache }: PartOptions = {}): RequiredPart<T> {
  return { kind: 'required', ask, maxAgeMs: undefined, cache };
}

/** optional: a part that is undefined where its dependency gives no usable answer (DownstreamError). Any other failure is the answer's. */
export function optional<T>(ask: Ask<T> | Dependent<T>, { cache }: PartOptions = {}): OptionalPart<T> {
  return { kind: 'optional', ask, maxAgeMs: undefined, cache };
}

/**
 * stale: an optional part that may be the last good answer of the same call, where that is at most `maxAgeMs` old. The part is named in
 * `degraded` all the same.
 */
export function stale<T>(ask: Ask<T> | Dependent<T>, options: PartOptions & { readonly maxAgeMs: number }): OptionalPart<T> {
  return { kind: 'stale', ask, maxAgeMs: options.maxAgeMs, cache: options.cache };
}

/**
 * after: asks once another part of the same gather is there, or several, with what came of it (undefined where an optional one is missing).
 * Everything else goes on meanwhile. Where such a part fails the whole answer, it is never asked for.
 */
export function after<P extends AnyPart, T>(part: P, ask: (value: ValueOf<P>, within: RequestContext) => Promise<T>): Dependent<T>;
export function after<const P extends readonly AnyPart[], T>(
  parts: P,
  ask: (values: { readonly [Place in keyof P]: ValueOf<P[Place]> }, within: RequestContext) => Promise<T>,
): Dependent<T>;
export function after<T>(needs: Dependent<T>['needs'], ask: Dependent<T>['ask']): Dependent<T> {
  return { needs, ask };
}

/**
 * each: within an optional or stale part, one call for each of these things, all at once: undefined where its dependency gives no usable
 * answer, which is noted; any other failure is the part's. As good as a gather for each of them, at half its price.
 */
export function each<Item, T>(
  items: readonly Item[],
  ask: (item: Item, within: RequestContext) => Promise<T>,
  within: RequestContext,
): Promise<(T | undefined)[]> {
  const missing = (error: unknown) => {
    if (!(error instanceof DownstreamError)) throw error;
    within.degrade({ dependency: error.dependency, reason: error.reason });
    return undefined;
  };
  return Promise.all(items.map((item) => ask(item, within).catch(missing)));
}
