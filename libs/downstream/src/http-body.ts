import type { Readable } from 'node:stream';
import { GrpcStatus } from '@facet/errors';
import { bareFailure } from './http-failure.js';

/** mostAnswerBytes: as many as a gRPC message may have. */
export const mostAnswerBytes = 8_388_608;
/** mostProblemBytes: what is longer is no problem of ours. */
export const mostProblemBytes = 65_536;

/** readBody: a body of at most so many bytes. What is longer, cut off or broken throws. */
export async function readBody(body: Readable, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (length > mostBytes) throw bareFailure(GrpcStatus.INTERNAL, `The answer is longer than ${mostBytes} bytes`);
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
}
