import { Ending, RequestContext, type Caller } from '@facet/context';
import { connectClients } from '@facet/downstream';
import { fastify } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { clientsOf } from '../../gateways/downstream.js';
import { getHome } from '../../gateways/get-home.js';
import { announce, settings } from '../../processes/announce.js';
import type { Targets } from '../../processes/synthetic-services.js';

// The bench's home, with batching switched on or off by policy.

const { targets, rootKey, batching } = settings<{ readonly targets: Targets; readonly rootKey: string; readonly batching: boolean }>();
const policy = batching ? {} : { batch: { mostItems: 1 } };
const { users, rooms, notifications, presence } = clientsOf(targets);
const { clients } = connectClients({
  issuer: 'mobile-bff',
  rootKey: Buffer.from(rootKey, 'base64url'),
  clients: {
    users: { ...users, policy },
    rooms: { ...rooms, policy },
    notifications: { ...notifications, policy },
    presence: { ...presence, policy },
  },
});

const app = fastify();
app.get<{ Params: { userId: string } }>('/home/:userId', ({ params: { userId } }) => {
  const caller: Caller = { subject: userId, kind: 'user', client: 'mobile-app', scopes: ['read:rooms'], roles: ['user'], permissions: [] };
  return getHome(
    clients,
    userId,
    new RequestContext({ caller, deadline: Date.now() + 5_000, ending: new Ending(), requestId: randomUUID() }),
  );
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce({ port: (app.server.address() as AddressInfo).port });
