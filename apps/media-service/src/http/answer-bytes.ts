import type { FileHandle } from 'node:fs/promises';
import { ProblemError } from '@facet/errors';
import { HttpAnswer } from '@facet/service-kit/http';
import { rangeOf } from './range.js';

/** Bytes that never change under their tag. */
export interface Content {
  readonly type: string;
  readonly disposition: string;
  /** Strong, quoted. */
  readonly tag: string;
  readonly open: () => Promise<FileHandle>;
}

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The bytes, or the part of them that was asked for (RFC 9110, section 14), or word that they are known already. A browser that is led to them neither guesses
 * another type, nor runs anything in them.
 */
export async function answerBytes({ type, disposition, tag, open }: Content, headers: RequestHeaders): Promise<HttpAnswer> {
  const kept = { etag: tag, 'cache-control': 'private, no-cache' };
  if (names(headers['if-none-match'], tag)) return new HttpAnswer({ status: 304, headers: kept });
  const handle = await open();
  try {
    const { size } = await handle.stat();
    const asked = headers['if-range'] === undefined || headers['if-range'] === tag ? headers['range'] : undefined;
    const range = rangeOf(asked, size);
    if (range === 'unsatisfiable') throw unsatisfiable(size);
    const { first, last } = range ?? { first: 0, last: size - 1 };
    return new HttpAnswer({
      status: range ? 206 : 200,
      headers: {
        ...kept,
        'content-type': type,
        'content-length': String(last - first + 1),
        'content-disposition': disposition,
        'accept-ranges': 'bytes',
        'content-security-policy': "sandbox; default-src 'none'",
        'cross-origin-resource-policy': 'same-site',
        ...(range && { 'content-range': `bytes ${first}-${last}/${size}` }),
      },
      body: handle.createReadStream({ start: first, end: last }),
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function names(header: string | string[] | undefined, tag: string): boolean {
  return typeof header === 'string' && (header.includes(tag) || header.trim() === '*');
}

function unsatisfiable(size: number): ProblemError {
  return new ProblemError('range-not-satisfiable', { detail: `There are ${size} bytes.`, headers: { 'content-range': `bytes */${size}` } });
}
