import type { FieldError } from '@facet/errors';

/** BatchRequest: the shape of every batch twin's request: the distinct callers' tokens once, and items that point at their own. */
export interface BatchRequest {
  readonly callers: { readonly tokens: readonly string[] } | undefined;
  readonly items: readonly { readonly caller: number; readonly request: unknown }[];
}

/** ItemFailure: why one item, or a single call, failed, as facet.v1.ItemError says it. */
export interface ItemFailure {
  readonly code: number;
  readonly message: string;
  readonly problem: string;
  readonly retryPushbackMs?: number | undefined;
  readonly errors: readonly FieldError[];
}

/** ItemOutcome: what came of one item. */
export interface ItemOutcome {
  readonly result?:
    { readonly $case: 'response'; readonly value: unknown } | { readonly $case: 'error'; readonly value: ItemFailure } | undefined;
}

/** mostItems: so many items a batch has at most. */
export const mostItems = 500;
