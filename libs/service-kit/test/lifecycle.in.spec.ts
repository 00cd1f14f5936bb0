import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import {
  Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  status,
  type GrpcObject,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { silentLogger } from '@facet/observability';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { grpcServer, startApp } from '../src/index.js';
import { describeStartFailure } from '../src/start-failure.js';
import { aRoom, Behaviour, productionConfig, startTiny, TinyRpc, type Tiny } from './tiny-service.js';

let tiny: Tiny | undefined;
afterEach(async () => {
  await tiny?.stop();
  tiny = undefined;
});

type Unary = (request: object, answered: (error: Error | null, answer: { status: string }) => void) => void;

function healthOf({ port }: Tiny, service: string): Promise<string> {
  const loaded = loadPackageDefinition({ Health: healthService }) as GrpcObject & { Health: ServiceClientConstructor };
  const client = new loaded.Health(`127.0.0.1:${port}`, credentials.createInsecure()) as unknown as Client & { check: Unary };
  return new Promise<string>((resolve, reject) => {
    client.check({ service }, (error, answer) => (error ? reject(error) : resolve(answer.status)));
  }).finally(() => client.close());
}

/** The names of the services as the reflection of the server lists them, raw. */
function listServices({ client }: Tiny, version = 'v1'): Promise<string> {
  const listAll = Buffer.from([0x3a, 1, 0x2a]);
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve, reject) => {
    const stream = client.makeBidiStreamRequest(
      `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      same,
      same,
      new Metadata(),
    );
    stream.on('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
    stream.on('error', reject);
    stream.end(listAll);
  });
}

/** Whether somebody accepts connections at the service's port. */
function listening({ port }: Tiny): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.unref();
  });
}

describe('a service that runs', () => {
  it('answers grpc.health.v1 for itself and for each service', async () => {
    tiny = await startTiny();
    await expect(healthOf(tiny, '')).resolves.toBe('SERVING');
    await expect(healthOf(tiny, 'facet.presence.v1.PresenceService')).resolves.toBe('SERVING');
    await expect(healthOf(tiny, 'facet.rooms.v1.RoomsService')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('describes itself by reflection in development, and nowhere else', async () => {
    tiny = await startTiny({ development: true });
    for (const version of ['v1', 'v1alpha'])
      await expect(listServices(tiny, version)).resolves.toContain('facet.presence.v1.PresenceService');
    await tiny.stop();
    tiny = await startTiny();
    await expect(listServices(tiny)).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });
});

describe('a service that stops', () => {
  it('finishes the calls that are in flight and accepts no new one', async () => {
    tiny = await startTiny();
    const [started, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    tiny.behaviour.type = async () => {
      started.resolve();
      await release.promise;
      return {};
    };
    const inFlight = tiny.call('setTyping', { roomId: aRoom });
    await started.promise;
    const stopped = tiny.stop();
    await vi.waitFor(() => expect(listening(tiny as Tiny)).resolves.toBe(false));
    release.resolve();
    await expect(inFlight).resolves.toEqual({});
    await stopped;
  });

  it('answers a call that does not end in time as unavailable', async () => {
    tiny = await startTiny();
    const started = Promise.withResolvers<void>();
    tiny.behaviour.type = () => new Promise(() => started.resolve());
    const stuck = tiny.call('setTyping', { roomId: aRoom }, { deadline: Date.now() + 60_000 }).catch((error: unknown) => error);
    await started.promise;
    await tiny.stop();
    await expect(stuck).resolves.toMatchObject({ code: status.UNAVAILABLE });
  });
});

describe('a service that cannot start', () => {
  it('says which RPC has no handler', async () => {
    class Deaf {}
    await expect(startTiny({ controllers: [Deaf] })).rejects.toThrow('No controller serves facet.presence.v1.PresenceService.countOnline.');
  });

  it('says in one line that its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const server = grpcServer({ services: [PresenceService], port, internalKeys: {} });
    const module = { module: class Root {}, controllers: [TinyRpc], providers: [Behaviour] };
    const start = startApp({ name: 'presence-service', config: productionConfig, module, server, logger: silentLogger });
    const failure = await start.catch((error: unknown) => error);
    expect(describeStartFailure(failure)).toBe(`Port ${port} is in use. Stop what listens there or configure another port.`);
    other.close();
  });
});
