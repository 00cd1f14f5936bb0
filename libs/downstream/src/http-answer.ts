import { DownstreamError, ProblemError } from '@facet/errors';
import { mostAnswerBytes, readBody } from './http-body.js';
import { isType } from './http-failure.js';
import { readJson, type JsonCodec } from './http-json.js';
import type { ExchangeAnswer } from './http-way.js';

/** readAnswer: the message that an exchange was answered with, in JSON; a DownstreamError `invalid` where it is none. */
export async function readAnswer<T>(dependency: string, codec: JsonCodec<T>, { headers, body }: ExchangeAnswer): Promise<T> {
  try {
    if (!isType(headers, 'application/json')) throw new TypeError(`${codec.$type} is no JSON`);
    return readJson(codec, await readBody(body, mostAnswerBytes));
  } catch (cause) {
    body.destroy();
    if (cause instanceof ProblemError) throw cause;
    throw new DownstreamError(dependency, 'invalid', { cause });
  }
}
