import { apps, Secrets } from '@facet/constellation';
import { Ending, RequestContext, type Caller } from '@facet/context';
import { MessagesService } from '@facet/contracts/messages/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { connectClients } from '@facet/downstream';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { Person } from '../src/person.js';

const demo = inject('demo');
const [alice, bob, carol, dave, gina] = ['alice', 'bob', 'carol', 'dave', 'gina'].map((name) => new Person(demo, name)) as [
  Person,
  Person,
  Person,
  Person,
  Person,
];
const [general, engineering] = [demo.rooms['general']!, demo.rooms['engineering']!];

describe('the role matrix holds from outside', () => {
  it('carol, a user, cannot delete what bob said', async () => {
    const { body } = await bob.mobile('POST', `/rooms/${general}/messages`, { text: 'mine', clientId: crypto.randomUUID() });
    expect((await carol.mobile('DELETE', `/rooms/${general}/messages/${body.id}`)).status).toBe(403);
    expect((await carol.partner('DELETE', `/rooms/${general}/messages/${body.id}`)).status).toBe(403);
    expect((await carol.graphql('mutation ($id: ID!) { deleteMessage(id: $id) }', { id: body.id })).body.errors[0].extensions.code).toBe(
      'forbidden',
    );
    expect((await carol.mobile('GET', `/rooms/${general}/messages/${body.id}`)).body.text).toBe('mine');
  });

  it('gina, a guest, reads but cannot post', async () => {
    expect((await gina.mobile('GET', '/home')).status).toBe(200);
    expect((await gina.mobile('GET', `/rooms/${general}`)).status).toBe(200);
    expect((await gina.mobile('POST', `/rooms/${general}/messages`, { text: 'hi', clientId: crypto.randomUUID() })).status).toBe(403);
  });

  it('an anonymous caller is told to sign in', async () => {
    for (const [url, challenge] of [
      [`${demo.urls.mobile}/v1/home`, /^DPoP .*, Bearer /],
      [`${demo.urls.partner}/api/v1/rooms`, /^Bearer /],
    ] as const) {
      const response = await fetch(url);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(challenge);
    }
    expect(
      (
        await fetch(`${demo.urls.web}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ me { id } }"}',
        })
      ).status,
    ).toBe(401);
  });
});

describe('a private room does not exist for dave', () => {
  it('in any of the three APIs', async () => {
    expect((await carol.mobile('GET', `/rooms/${engineering}`)).status).toBe(200);
    expect((await dave.mobile('GET', `/rooms/${engineering}`)).status).toBe(404);
    expect((await dave.partner('GET', `/rooms/${engineering}`)).status).toBe(404);
    expect((await dave.partner('GET', `/rooms/${engineering}/messages`)).status).toBe(404);
    expect((await dave.graphql('query ($id: ID!) { room(id: $id) { id name } }', { id: engineering })).body.data.room).toBeNull();
    expect(JSON.stringify((await dave.partner('GET', '/rooms?limit=100')).body)).not.toContain(engineering);
    expect(JSON.stringify((await dave.mobile('GET', '/home')).body)).not.toContain(engineering);
  });

  const rootKey = Buffer.from(Secrets.in(inject('home')).rootKey('mobile-bff'), 'base64url');
  const targetOf = (name: string) => `static:127.0.0.1:${apps.find((app) => app.name === name)!.port + inject('portOffset')}`;
  const { clients, close } = connectClients({
    issuer: 'mobile-bff',
    rootKey,
    clients: {
      rooms: {
        service: RoomsService,
        dependency: 'rooms',
        audience: 'rooms-service',
        target: targetOf('rooms-service'),
        deadlineMs: 5_000,
      },
      messages: {
        service: MessagesService,
        dependency: 'messages',
        audience: 'messages-service',
        target: targetOf('messages-service'),
        deadlineMs: 5_000,
      },
    },
  });
  afterAll(() => close());
  const as = (caller: Partial<Caller>) =>
    new RequestContext({
      caller: {
        subject: '',
        kind: 'user',
        client: 'mobile-app',
        scopes: ['read:messages', 'read:rooms', 'read:users'],
        roles: ['user'],
        permissions: [],
        ...caller,
      },
      deadline: Date.now() + 5_000,
      ending: new Ending(),
      requestId: 'e2e',
    });

  it('nor by gRPC with his internal token, alone or inside a batch of items of alice', async () => {
    const [asAlice, asDave] = [as({ subject: alice.id, roles: ['admin'] }), as({ subject: dave.id })];
    await expect(clients.rooms.getRoom({ roomId: engineering }, asDave)).rejects.toMatchObject({ code: 'not-found' });
    await expect(clients.messages.listMessages({ of: { $case: 'roomId', value: engineering } }, asDave)).rejects.toMatchObject({
      code: 'not-found',
    });
    const [first, refused, last] = await Promise.allSettled([
      clients.rooms.getRoom({ roomId: engineering }, asAlice),
      clients.rooms.getRoom({ roomId: engineering }, asDave),
      clients.rooms.getRoom({ roomId: general }, asAlice),
    ]);
    expect([first.status, last.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } });
  });

  it('and the identity of a program reads nothing on behalf of anybody', async () => {
    const importer = connectClients({
      issuer: 'importer',
      rootKey: Buffer.from(Secrets.in(inject('home')).rootKey('importer'), 'base64url'),
      clients: {
        rooms: {
          service: RoomsService,
          dependency: 'rooms',
          audience: 'rooms-service',
          target: targetOf('rooms-service'),
          deadlineMs: 5_000,
        },
      },
    });
    const asProgram = as({ subject: 'importer', kind: 'service', client: 'importer', scopes: ['import'], roles: [] });
    await expect(importer.clients.rooms.getRoom({ roomId: general }, asProgram)).rejects.toMatchObject({ code: 'forbidden' });
    importer.close();
  });
});
