import { isLocal } from '@facet/edge';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

// Everything is in the page: nothing may be loaded from, or sent to, another host.
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
].join('; ');

/** GraphiQL for a developer's browser at GET /graphql, before the route itself sees the request. For development only. */
export async function serveGraphiql(app: NestFastifyApplication): Promise<void> {
  const page = await graphiqlPage();
  const server = app.getHttpAdapter().getInstance() as FastifyInstance;
  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0];
    const browser = request.method === 'GET' && path === '/graphql' && request.headers.accept?.includes('text/html');
    if (!browser || !isLocal(request)) return;
    await reply.type('text/html; charset=utf-8').header('content-security-policy', policy).header('cache-control', 'no-cache').send(page);
  });
}

export async function graphiqlPage(): Promise<string> {
  // 9 MB that production never loads.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL({ title: 'Facet web-bff', endpoint: '/graphql', headers: '{ "x-csrf": "1" }', defaultQuery });
}

const defaultQuery = `# Sign in first, in this browser: /bff/login?returnTo=/graphql (alice, facet-demo).
{
  me {
    username
    rooms { name type lastMessage { content user { username } } members { id } }
  }
}
`;
