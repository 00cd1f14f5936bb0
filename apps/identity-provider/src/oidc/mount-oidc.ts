import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Provider from 'oidc-provider';

const metadata = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks'];

/** Gives oidc-provider the routes that work, and no others: with the request as it came, since it reads the body itself. */
export async function mountOidc(app: NestFastifyApplication): Promise<void> {
  const answer = app.get(Provider, { strict: false }).callback();
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    void answer(request.raw, reply.raw);
  };
  await app
    .getHttpAdapter()
    .getInstance()
    .register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, parsed) => parsed(null));
      for (const url of metadata) scope.route({ method: ['GET', 'OPTIONS'], url, handler });
      scope.route({ method: ['POST', 'OPTIONS'], url: '/token', handler });
      done();
    });
}
