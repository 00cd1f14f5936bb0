import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** BytesWanted: what a client wants of bytes that are passed on: their head alone, a range, or only what it does not have yet. */
export interface BytesWanted {
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** WantedBytes: the parameter of a handler of @ReturnsStream that gets a BytesWanted: `range` and conditions (RFC 9110, sections 13 and 14), nothing else. */
export const WantedBytes: () => ParameterDecorator = createParamDecorator((_: unknown, execution: ExecutionContext): BytesWanted => {
  const { method, headers } = execution.switchToHttp().getRequest<FastifyRequest>();
  const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = headers;
  return {
    method: method === 'HEAD' ? 'HEAD' : 'GET',
    headers: { range, 'if-range': ifRange as string | undefined, 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince },
  };
});
