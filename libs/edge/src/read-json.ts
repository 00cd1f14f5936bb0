import type { Readable } from 'node:stream';
import { DownstreamError } from '@facet/errors';

const mostBytes = 1024 * 1024;

/** readJson: the JSON that a service sends as a stream, 1 MiB at most; else a DownstreamError `invalid`. */
export async function readJson(dependency: string, body: Readable): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    // Leaving the loop destroys the stream.
    if (length > mostBytes) throw new DownstreamError(dependency, 'invalid', { cause: new Error('The answer is too long') });
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch (cause) {
    throw new DownstreamError(dependency, 'invalid', { cause });
  }
}
