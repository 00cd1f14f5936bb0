import { RequestContext } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { z } from 'zod';
import type { CallScope } from './call-scope.js';
import { encodeMessage, methodOf, type Codec } from './service-definition.js';
import type { ServedRpc, TokenVerifier } from './serve-rpc.js';

/** serveSingle: one call: who is calling, whether the request fits, then the handler; for a batched RPC as a batch of one. */
export async function serveSingle({ binding, invoke, verifier }: ServedRpc, bytes: Buffer, scope: CallScope): Promise<Buffer> {
  const { service, method, schema, batched } = binding;
  const { requestType, responseType } = methodOf(service, method);
  const caller = callerOf(verifier, scope.token, scope.peer);
  const request = check(schema, decode(requestType, bytes));
  const { deadline, ending, requestId, traceparent } = scope;
  const answer = batched
    ? invoke([{ caller, request }], scope).then(only)
    : invoke(request, new RequestContext({ caller, deadline, ending, requestId, traceparent }));
  return encodeMessage(responseType, await scope.race(answer));
}

/** Who a call is made for; without a token nobody is. */
export function callerOf(verifier: TokenVerifier, token: string | undefined, peer: string | undefined) {
  if (token === undefined) throw new ProblemError('unauthenticated', { detail: 'The call carries no internal token.' });
  return verifier.identify(token, peer);
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

async function only(results: unknown): Promise<unknown> {
  if (!Array.isArray(results) || results.length !== 1) throw new Error('A handler answered one item with another number of results');
  const result: unknown = await results[0];
  if (result instanceof Error) throw result;
  return result;
}
