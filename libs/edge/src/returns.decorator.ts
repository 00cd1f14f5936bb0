import 'reflect-metadata';
import { HttpCode, applyDecorators, SetMetadata } from '@nestjs/common';
import type { ProblemCode } from '@facet/errors';
import type { z } from 'zod';
import type { Returned } from './route.js';

const key = 'facet:returns';

/** ReturnsOptions: what else a route's answer is known by. */
export interface ReturnsOptions {
  /** Default 200, also for POST. */
  readonly status?: number;
  /** Other statuses of success, given by an Answer. */
  readonly also?: readonly number[];
  /** Problems beyond those that the route's declaration implies, for the document. */
  readonly problems?: readonly ProblemCode[];
  /** One line for the document. */
  readonly summary?: string;
  readonly description?: string;
}

/** Returns: declares the shape of the answer: nothing else leaves. In development a value that does not fit is a 500. */
export function Returns(schema: z.ZodType, options: ReturnsOptions = {}): MethodDecorator {
  return declare({ kind: 'json', schema, types: ['application/json'] }, 200, options);
}

/** ReturnsNothing: the answer is 204 without a body. */
export function ReturnsNothing(options: Omit<ReturnsOptions, 'status'> = {}): MethodDecorator {
  return declare({ kind: 'nothing', types: [] }, 204, options);
}

/** ReturnsRaw: the handler returns text or bytes of one of these content types; the first unless its Answer says another. */
export function ReturnsRaw(types: string | readonly string[], options: ReturnsOptions = {}): MethodDecorator {
  return declare({ kind: 'raw', types: typeof types === 'string' ? [types] : types }, 200, options);
}

/** ReturnsStream: the handler returns an Answer whose body is a stream, with its own status and headers: bytes that are passed on. */
export function ReturnsStream(options: Omit<ReturnsOptions, 'status'> = {}): MethodDecorator {
  return declare({ kind: 'stream', types: ['*/*'] }, 200, options);
}

/** returnedOf: what a handler declared to return. */
export function returnedOf(handler: object): Returned | undefined {
  return Reflect.getMetadata(key, handler);
}

function declare(
  what: Pick<Returned, 'kind' | 'schema' | 'types'>,
  usual: number,
  { status = usual, also = [], problems = [], ...words }: ReturnsOptions,
): MethodDecorator {
  return applyDecorators(SetMetadata(key, { ...what, status, also, problems, ...words } satisfies Returned), HttpCode(status));
}
