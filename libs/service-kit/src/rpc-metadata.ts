import { Metadata } from '@grpc/grpc-js';

/** CallHeaders: what goes with a call besides its request. A batch carries its callers' tokens itself. */
export interface CallHeaders {
  readonly token?: string;
  readonly requestId: string;
  readonly traceparent?: string | undefined;
}

const bearer = 'Bearer ';

/** writeHeaders: headers of a call as gRPC metadata. */
export function writeHeaders({ token, requestId, traceparent }: CallHeaders): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', bearer + token);
  metadata.set('x-request-id', requestId);
  if (traceparent !== undefined) metadata.set('traceparent', traceparent);
  return metadata;
}

/** readHeaders: headers of a call that came in. */
export function readHeaders(metadata: Metadata): Partial<CallHeaders> {
  const authorization = first(metadata, 'authorization');
  return {
    ...(authorization?.startsWith(bearer) && { token: authorization.slice(bearer.length) }),
    requestId: first(metadata, 'x-request-id'),
    traceparent: first(metadata, 'traceparent'),
  };
}

function first(metadata: Metadata, key: string): string | undefined {
  return metadata.get(key)[0]?.toString();
}
