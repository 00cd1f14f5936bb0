import { Ending, RequestContext } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { z } from 'zod';
import type { CallScope } from './call-scope.js';
import type { RpcBinding } from './rpc.decorator.js';
import { methodOf, type Codec } from './service-definition.js';
import type { Invoke, TokenVerifier } from './serve-rpc.js';

/** serveSingle: one call: who is calling, whether the request fits, then the handler; for a batched RPC as a batch of one. */
export async function serveSingle(
  { service, method, schema, batched }: RpcBinding,
  invoke: Invoke,
  verifier: TokenVerifier,
  bytes: Buffer,
  scope: CallScope,
): Promise<unknown> {
  const caller = await callerOf(verifier, scope.token);
  const request = check(schema, decode(methodOf(service, method).requestType, bytes));
  if (batched) return only(await invoke([{ caller, request }], scope));
  const { deadline, signal, requestId, traceparent } = scope;
  return invoke(request, new RequestContext({ caller, deadline, ending: Ending.of(signal), requestId, traceparent }));
}

/** Who a call is made for; without a token nobody is. */
export async function callerOf(verifier: TokenVerifier, token: string | undefined) {
  if (token === undefined) throw new ProblemError('unauthenticated', { detail: 'The call carries no internal token.' });
  return verifier.verify(token);
}

/** A message from its bytes. */
export function decode<T>(codec: Codec<T>, bytes: Buffer): T {
  try {
    return codec.decode(bytes);
  } catch (cause) {
    throw new ProblemError('invalid-request', { detail: `The bytes are no ${codec.$type}.`, cause });
  }
}

/** A request as its schema has it; the ProblemError names every field that does not fit. */
export function check<Schema extends z.ZodType>(schema: Schema, request: unknown): z.output<Schema> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ pointer: pointerTo(path), detail: message }));
  throw new ProblemError('validation-failed', {
    detail: errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join('; '),
    errors,
  });
}

/** RFC 6901. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function only(results: unknown): unknown {
  if (!Array.isArray(results) || results.length !== 1) throw new Error('A handler answered one item with another number of results');
  if (results[0] instanceof Error) throw results[0];
  return results[0];
}
