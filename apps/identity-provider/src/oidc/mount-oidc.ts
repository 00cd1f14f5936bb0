import { ProblemError } from '@facet/errors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { knowOrigins } from '../audit/origin.js';
import { mountPages } from '../pages/mount-pages.js';
import { Issuer } from './issuer.js';

const bodyLimit = 1024 * 1024;

/** What oidc-provider answers. Whatever else it knows is off, and other paths are 404 problems. */
const routes = {
  GET: [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/jwks',
    '/auth',
    '/auth/:uid',
    '/session/end',
    '/session/end/success',
  ],
  POST: ['/auth', '/token', '/token/revocation', '/request', '/session/end', '/session/end/confirm'],
} as const;
const crossOrigin = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/jwks',
  '/token',
  '/token/revocation',
  '/request',
];

/** Gives oidc-provider its routes, with the request as it came, since it reads the body itself; and people their pages. */
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
      knowOrigins(scope);
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/x-www-form-urlencoded', (request, _body, parsed) => {
        const tooLarge = Number(request.headers['content-length']) > bodyLimit;
        parsed(tooLarge ? new ProblemError('payload-too-large') : null);
      });
      for (const [method, urls] of Object.entries(routes)) for (const url of urls) scope.route({ method, url, handler });
      for (const url of crossOrigin) scope.route({ method: 'OPTIONS', url, handler });
      done();
    });
  mountPages(app);
}
