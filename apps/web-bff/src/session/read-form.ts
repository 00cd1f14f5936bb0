import { ProblemError } from '@facet/errors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const form = 'application/x-www-form-urlencoded';
const takesForms: ReadonlySet<string | undefined> = new Set(['/bff/backchannel']);

/** Lets the one route have forms that is called by a program which sends them. For all others a form stays what a page of another site could send: refused. */
export function takeForms(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance() as FastifyInstance;
  server.addContentTypeParser(form, { parseAs: 'string', bodyLimit: 65_536 }, (request, body, done) => {
    if (takesForms.has(request.routeOptions.url)) done(null, new URLSearchParams(String(body)));
    else done(new ProblemError('unsupported-media-type'));
  });
}

/** A field that is there once. */
export function formField({ body }: FastifyRequest, name: string): string {
  const values = body instanceof URLSearchParams ? body.getAll(name) : [];
  if (values.length !== 1) throw new ProblemError('invalid-request', { detail: `Send ${name} once, in a form.` });
  return values[0]!;
}
