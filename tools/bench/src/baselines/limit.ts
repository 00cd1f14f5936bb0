import { fastify } from 'fastify';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { announce, settings } from '../processes/announce.js';
import { schemaOf } from './schema-of.js';

// Frozen. The limit: Fastify serialises the finished object with a response schema, always the same one.

export interface LimitSettings {
  /** A file with the answer of the workload beside it. */
  readonly sample: string;
}

const body: unknown = JSON.parse(readFileSync(settings<LimitSettings>().sample, 'utf8'));
const app = fastify();
app.route({
  method: ['GET', 'POST'],
  url: '/*',
  schema: { response: { 200: schemaOf(body) } },
  handler: (_request, reply) => reply.send(body),
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce({ port: (app.server.address() as AddressInfo).port });
