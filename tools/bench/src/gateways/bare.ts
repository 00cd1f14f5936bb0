import { newCaller } from '@facet/auth';
import { Ending, RequestContext } from '@facet/context';
import { connectClients } from '@facet/downstream';
import { fastify } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { announce, settings } from '../processes/announce.js';
import type { Targets } from '../processes/synthetic-services.js';
import { clientsOf } from './downstream.js';
import { getHome } from './get-home.js';
import { Home } from './home.view.js';

// Aggregation alone: Fastify as our edge has it, the clients, gather. One caller for all, no limits, no log.

export interface BareSettings {
  readonly targets: Targets;
  readonly rootKey: string;
  readonly batching: boolean;
}

const { targets, rootKey, batching } = settings<BareSettings>();
const { clients } = connectClients({
  issuer: 'mobile-bff',
  rootKey: Buffer.from(rootKey, 'base64url'),
  clients: clientsOf(targets, { batching }),
});
const caller = newCaller({
  subject: '01910000-0000-7000-8000-000000000001',
  kind: 'user',
  client: 'mobile-app',
  scopes: ['read:notifications', 'read:rooms', 'read:users'],
  roles: ['user'],
});
const schema = z.toJSONSchema(Home, {
  target: 'draft-7',
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }) => {
    if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
  },
});

const app = fastify();
app.get<{ Params: { userId: string } }>('/home/:userId', { schema: { response: { 200: schema } } }, ({ params }, reply) => {
  const ending = new Ending();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) ending.end(new Error('The client hung up'));
  });
  const context = new RequestContext({ caller, deadline: Date.now() + 1_000, ending, requestId: randomUUID() });
  return getHome(clients, params.userId, context);
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce({ port: (app.server.address() as AddressInfo).port });
