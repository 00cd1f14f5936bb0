import { Metadata } from '@grpc/grpc-js';

/** CallHeaders: what goes with a call besides its request. A batch carries its callers' tokens itself. */
export interface CallHeaders {
  readonly token?: string;
  readonly requestId: string;
  readonly traceparent?: string | undefined;
  /** Of a batch: milliseconds after which it is answered with what there is; items without an answer by then fail with DEADLINE_EXCEEDED. */
  readonly answerWithinMs?: number | undefined;
}

const bearer = 'Bearer ';

/** writeHeaders: headers of a call as gRPC metadata. */
export function writeHeaders({ token, requestId, traceparent, answerWithinMs }: CallHeaders): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', bearer + token);
  metadata.set('x-request-id', requestId);
  if (traceparent !== undefined) metadata.set('traceparent', traceparent);
  if (answerWithinMs !== undefined) metadata.set('x-answer-within-ms', String(Math.max(0, Math.floor(answerWithinMs))));
  return metadata;
}

/** readHeaders: headers of a call that came in. */
export function readHeaders(metadata: Metadata): Partial<CallHeaders> {
  const authorization = first(metadata, 'authorization');
  return {
    ...(authorization?.startsWith(bearer) && { token: authorization.slice(bearer.length) }),
    requestId: first(metadata, 'x-request-id'),
    traceparent: first(metadata, 'traceparent'),
    answerWithinMs: wholeNumber(first(metadata, 'x-answer-within-ms')),
  };
}

const pushbackTrailer = 'grpc-retry-pushback-ms';

/** setPushback: asks the client of a failed call not to try again before so many milliseconds (gRFC A6). */
export function setPushback(metadata: Metadata, ms: number): void {
  metadata.set(pushbackTrailer, String(Math.ceil(ms)));
}

/** pushbackOf: milliseconds before which a failed call is not to be tried again (gRFC A6); Infinity where not at all; undefined where the server leaves it to us. */
export function pushbackOf(metadata: Metadata): number | undefined {
  const text = first(metadata, pushbackTrailer);
  return text === undefined ? undefined : (wholeNumber(text) ?? Infinity);
}

/** A negative or unreadable number is none. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function first(metadata: Metadata, key: string): string | undefined {
  return metadata.get(key)[0]?.toString();
}
