import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { mostItems, type BatchRequest, type BatchResponse, type ItemOutcome } from './batch-messages.js';
import type { CallScope } from './call-scope.js';
import type { BatchItem, RpcBinding } from './rpc.decorator.js';
import { itemFailureOf, problemOf } from './rpc-status.js';
import { callerOf, check, decode } from './serve-single.js';
import { methodOf } from './service-definition.js';
import type { Invoke, TokenVerifier } from './serve-rpc.js';

/** serveBatch: many calls in one: each item with its own caller and its own check; the handler gets those that are sound, all at once. */
export async function serveBatch(
  binding: RpcBinding,
  invoke: Invoke,
  verifier: TokenVerifier,
  bytes: Buffer,
  scope: CallScope,
): Promise<BatchResponse> {
  const { service, method, schema } = binding;
  const twin = methodOf(service, service.batchedBy[method] ?? '');
  const { callers, items } = decode(twin.requestType, bytes) as BatchRequest;
  if (items.length > mostItems) throw new ProblemError('payload-too-large', { detail: `A batch has at most ${mostItems} items.` });
  const identities = await identitiesOf(callers?.tokens ?? [], verifier);

  const checked = items.map((item) => checkItem(item, identities, schema));
  const sound = checked.filter((item) => !(item instanceof ProblemError));
  const results = sound.length === 0 ? [] : await invoke(sound, scope);
  if (!Array.isArray(results) || results.length !== sound.length)
    throw new Error('A handler answered a batch with another number of results');

  const answers = results.values();
  return { results: checked.map((item) => outcomeOf(item instanceof ProblemError ? item : answers.next().value)) };
}

/** Each distinct caller, or why it is none. A batch without a single caller is refused whole. */
async function identitiesOf(tokens: readonly string[], verifier: TokenVerifier): Promise<readonly (Caller | ProblemError)[]> {
  const identities = await Promise.all(tokens.map((token) => callerOf(verifier, token).catch(problemOf)));
  if (identities.every((identity) => identity instanceof ProblemError)) throw identities[0] ?? new ProblemError('unauthenticated');
  return identities;
}

type Item = BatchRequest['items'][number];

function checkItem(
  { caller, request }: Item,
  identities: readonly (Caller | ProblemError)[],
  schema: RpcBinding['schema'],
): BatchItem<unknown> | ProblemError {
  const identity = identities[caller] ?? new ProblemError('unauthenticated', { detail: 'The item names no caller.' });
  if (identity instanceof ProblemError) return identity;
  try {
    return { caller: identity, request: check(schema, request) };
  } catch (error) {
    return problemOf(error);
  }
}

function outcomeOf(result: unknown): ItemOutcome {
  if (result instanceof Error) return { result: { $case: 'error', value: itemFailureOf(problemOf(result)) } };
  return { result: { $case: 'response', value: result } };
}
