import type { Caller } from '@facet/context';
import { ProblemError, type Explanation } from '@facet/errors';
import { awaitItems, late } from './await-items.js';
import { mostItems, type BatchRequest, type ItemOutcome } from './batch-messages.js';
import type { CallScope } from './call-scope.js';
import { outcomeOf } from './outcome-of.js';
import type { BatchItem, RpcBinding } from './rpc.decorator.js';
import { itemFailureOf, problemOf } from './rpc-status.js';
import { callerOf, check, decode } from './serve-single.js';
import { encodeMessage, methodOf, type Codec } from './service-definition.js';
import type { ServedRpc, TokenVerifier } from './serve-rpc.js';

/** serveBatch: many calls in one: each item with its own caller and its own check; the handler gets those that are sound, all at once. */
export async function serveBatch(rpc: ServedRpc, bytes: Buffer, scope: CallScope): Promise<Buffer> {
  const { service, method, schema } = rpc.binding;
  const twin = methodOf(service, service.batchedBy[method] ?? '');
  const { callers, items } = decode(twin.requestType, bytes) as BatchRequest;
  if (items.length > mostItems) throw new ProblemError('payload-too-large', { detail: `A batch has at most ${mostItems} items.` });
  const identities = identitiesOf(callers?.tokens ?? [], rpc.verifier, scope.peer);

  const checked = items.map((item) => checkItem(item, identities, schema));
  const sound = checked.filter((item) => !(item instanceof ProblemError));
  const answers = sound.length === 0 ? [] : await awaitItems(rpc.invoke(sound, scope), sound.length, scope);

  const next = answers.values();
  const results = checked.map((item) => (item instanceof ProblemError ? item : next.next().value));
  note(rpc, results, scope);
  return encodeResults(rpc, twin.responseType, results.map(itemOutcomeOf), scope);
}

/** Each distinct caller, or why it is none. A batch without a single caller is refused whole. */
function identitiesOf(tokens: readonly string[], verifier: TokenVerifier, peer: string | undefined): readonly (Caller | ProblemError)[] {
  const identities = tokens.map((token) => outcomeOf(() => callerOf(verifier, token, peer)));
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
  return outcomeOf(() => ({ caller: identity, request: check(schema, request) }));
}

function itemOutcomeOf(result: unknown): ItemOutcome {
  if (result instanceof Error) return { result: { $case: 'error', value: itemFailureOf(problemOf(result)) } };
  return { result: { $case: 'response', value: result } };
}

/** All results as bytes. A result that is no message, such as `undefined`, or a date that is none, is our fault, and fails alone. */
function encodeResults({ log }: ServedRpc, response: Codec, results: readonly ItemOutcome[], scope: CallScope): Buffer {
  try {
    return encodeMessage(response, { results });
  } catch {
    const sound = results.map((result) => {
      const bytes = outcomeOf(() => encodeMessage(response, { results: [result] }));
      if (!(bytes instanceof ProblemError)) return result;
      log.failed(scope, bytes);
      return itemOutcomeOf(bytes);
    });
    return encodeMessage(response, { results: sound });
  }
}

/** What the log is to know of a batch that was answered. */
function note({ log }: ServedRpc, results: readonly unknown[], scope: CallScope): void {
  let missing = 0;
  const explanations = new Set<Explanation>();
  for (const result of results) {
    if (result === late) missing += 1;
    else if (result instanceof Error && problemOf(result).code === 'internal-error') log.failed(scope, result);
    else if (result instanceof ProblemError && result.explanation) explanations.add(result.explanation);
  }
  // One line for each way of being refused, not for each of a thousand items.
  for (const explanation of explanations) log.refused(scope, explanation);
  if (missing > 0) log.late(scope, missing, results.length);
}
