import { ProblemError } from '@facet/errors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Issuer } from './issuer.js';

const bodyLimit = 1024 * 1024;
const metadata = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks'];

/** Gives oidc-provider the routes that work, and no others: with the request as it came, since it reads the body itself. */
export function mountOidc(app: NestFastifyApplication): void {
  const issuer = app.get(Issuer, { strict: false });
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    issuer.handle(request.raw, reply.raw);
  };
  // Not awaited: the routes are made when all else is, and so know the application's error handler.
  void app
    .getHttpAdapter()
    .getInstance()
    .register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/x-www-form-urlencoded', (request, _body, parsed) => {
        const tooLarge = Number(request.headers['content-length']) > bodyLimit;
        parsed(tooLarge ? new ProblemError('payload-too-large') : null);
      });
      for (const url of metadata) scope.route({ method: ['GET', 'OPTIONS'], url, handler });
      scope.route({ method: ['POST', 'OPTIONS'], url: '/token', handler });
      done();
    });
}
