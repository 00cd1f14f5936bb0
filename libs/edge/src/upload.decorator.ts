import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@facet/errors';
import type { FastifyRequest } from 'fastify';
import { endWhenRevoked } from './end-when-revoked.js';
import { declareInput } from './input.decorator.js';

/** uploadType: the one content type whose bodies are not gathered. */
export const uploadType = 'multipart/form-data';

/** Upload: a multipart body as it comes. It is read by whoever it is passed on to, and no faster; nothing of it is gathered here. */
export interface Upload {
  /** `content-type` with its boundary, and `content-length` where the client said it. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Fails where the client hangs up. */
  readonly body: Readable;
}

/**
 * UploadBody: the parameter of a handler that gets an Upload; else 415. Only such a route takes multipart, of any length: whoever reads it bounds it. Give the
 * route time (`budgetMs`): it includes the sending. It ends with 401 as soon as its caller is revoked.
 */
export function UploadBody(): ParameterDecorator {
  const decorate = createParamDecorator((_: unknown, execution: ExecutionContext) => {
    const http = execution.switchToHttp();
    const upload = uploadOf(http.getRequest());
    endWhenRevoked(http.getRequest(), http.getResponse());
    return upload;
  })();
  return (controller, handler, index) => {
    declareInput(controller, handler, { upload: true });
    decorate(controller, handler, index);
  };
}

function uploadOf({ body, headers }: FastifyRequest): Upload {
  if (!(body instanceof Readable)) throw new ProblemError('unsupported-media-type', { detail: `The body must be ${uploadType}.` });
  return { headers: { 'content-type': headers['content-type'], 'content-length': headers['content-length'] }, body };
}
