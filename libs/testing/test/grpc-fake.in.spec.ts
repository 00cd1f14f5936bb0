import { randomBytes } from 'node:crypto';
import { Client, credentials } from '@grpc/grpc-js';
import { callerOf, contextOf, startGrpcFake, type GrpcFake } from '../src/index.js';
import { InternalTokenMinter } from '@facet/auth';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { connectClients } from '@facet/downstream';
import { ProblemError } from '@facet/errors';
import { encodeMessage, methodOf, pathOf, writeHeaders } from '@facet/service-kit/wire';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

const rootKey = randomBytes(32);
let fake: GrpcFake<typeof RoomsService>;
let connected: ReturnType<typeof connect>;
const connect = (target: string) =>
  connectClients({
    issuer: 'mobile-bff',
    rootKey,
    clients: { rooms: { service: RoomsService, dependency: 'rooms', audience: 'rooms-service', target, deadlineMs: 2_000 } },
  });

beforeAll(async () => {
  fake = await startGrpcFake(RoomsService, { getRoom: ({ roomId }, caller) => ({ room: { id: roomId, name: caller.subject } }) });
  connected = connect(fake.target);
});
afterEach(() => fake.reset());
afterAll(async () => {
  connected.close();
  await fake.stop();
});

const tokenOf = () => new InternalTokenMinter({ issuer: 'mobile-bff', rootKey }).mint(callerOf('alice'), 'rooms-service');
/** A call as another client would make it. */
function callRaw(method: 'batchGetRooms', request: object, headers: { answerWithinMs: number }): Promise<object> {
  const definition = methodOf(RoomsService, method);
  const client = new Client(`127.0.0.1:${fake.port}`, credentials.createInsecure());
  const encode = (message: object) => encodeMessage(definition.requestType, definition.requestType.fromPartial(message));
  const decode = (bytes: Buffer) => definition.responseType.decode(bytes) as object;
  const metadata = writeHeaders({ requestId: 'r1', ...headers });
  return new Promise<object>((resolve, reject) => {
    client.makeUnaryRequest(pathOf(RoomsService, definition), encode, decode, request, metadata, (error, answer) =>
      error ? reject(error) : resolve(answer!),
    );
  }).finally(() => client.close());
}

const getRoom = (roomId = 'r1', caller = callerOf('alice')) => connected.clients.rooms.getRoom({ roomId }, contextOf(caller));

describe('a fake service', () => {
  it('answers over the wire what its handler says, to the caller of the token', async () => {
    await expect(getRoom()).resolves.toMatchObject({ room: { id: 'r1', name: callerOf('alice').subject } });
  });

  it('serves batch twins from the handler of their single, and counts RPCs and items', async () => {
    fake.handlers.getRoom = ({ roomId }) => {
      if (roomId === 'gone') throw new ProblemError('not-found');
      return { room: { id: roomId } };
    };
    const answers = await Promise.allSettled([getRoom('r1'), getRoom('gone'), getRoom('r2', callerOf('bob'))]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(fake.calls).toEqual({ batchGetRooms: 1 });
    expect(fake.items).toEqual({ getRoom: 3 });
  });

  it('fails when it is told to, until it is reset', async () => {
    fake.failure = new ProblemError('dependency-unavailable');
    await expect(getRoom()).rejects.toMatchObject({ dependency: 'rooms', reason: 'unavailable' });
    fake.reset();
    await expect(getRoom()).resolves.toMatchObject({ room: { id: 'r1' } });
    expect(fake.calls).toEqual({ getRoom: 1 });
  });

  it('is as slow as it is told to be', async () => {
    fake.delayMs = 60_000;
    const { rooms } = connected.clients;
    await expect(rooms.getRoom({ roomId: 'r1' }, contextOf(callerOf('alice'), { timeoutMs: 200 }))).rejects.toMatchObject({
      reason: 'timeout',
    });
  });

  it('counts the calls that nobody waits for any more', async () => {
    const asked = Promise.withResolvers<void>();
    fake.handlers.getRoom = () => (asked.resolve(), new Promise(() => undefined));
    const hangUp = new AbortController();
    const { rooms } = connected.clients;
    const call = rooms.getRoom({ roomId: 'r1' }, contextOf('alice', { signal: hangUp.signal }));
    await asked.promise;
    hangUp.abort();
    await expect(call).rejects.toMatchObject({ code: 'client-closed-request' });
    await vi.waitFor(() => expect(fake.cancelled).toEqual({ getRoom: 1 }));
    fake.reset();
    await getRoom();
    expect(fake.cancelled).toEqual({});
  });

  it('answers a batch in time with what is there', async () => {
    fake.handlers.getRoom = ({ roomId }) => (roomId === 'slow' ? new Promise(() => undefined) : { room: { id: roomId } });
    const batch = { callers: { tokens: [await tokenOf()] }, items: ['r1', 'slow'].map((roomId) => ({ caller: 0, request: { roomId } })) };
    await expect(callRaw('batchGetRooms', batch, { answerWithinMs: 50 })).resolves.toMatchObject({
      results: [{ result: { value: { room: { id: 'r1' } } } }, { result: { value: { problem: 'deadline-exceeded' } } }],
    });
    fake.delayMs = 60_000;
    await expect(callRaw('batchGetRooms', batch, { answerWithinMs: 50 })).resolves.toMatchObject({
      results: [{ result: { value: { problem: 'deadline-exceeded' } } }, { result: { value: { problem: 'deadline-exceeded' } } }],
    });
  });

  it('has no answer for a method without a handler', async () => {
    await expect(connected.clients.rooms.joinRoom({ roomId: 'r1' }, contextOf())).rejects.toMatchObject({ reason: 'invalid' });
  });

  it('can die and come back on its port', async () => {
    await fake.stop();
    await expect(getRoom()).rejects.toMatchObject({ reason: 'unavailable' });
    await fake.restart();
    await vi.waitFor(() => expect(getRoom()).resolves.toMatchObject({ room: { id: 'r1' } }), { timeout: 3_000, interval: 50 });
  });
});
