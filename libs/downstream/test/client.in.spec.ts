import { ProblemError } from '@facet/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { alice, Behaviour, bob, clientOf, contextOf, roomNumber, startTiny } from './tiny-service.js';

let service: Awaited<ReturnType<typeof startTiny>>;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  service = await startTiny();
  client = clientOf(service.port);
});
beforeEach(() => {
  Object.assign(service.behaviour, new Behaviour());
});
afterAll(async () => {
  client.close();
  await service.stop();
});

const room = roomNumber(1);
const asIf = (error: object) => expect.objectContaining(error);

describe('a client', () => {
  it('tells the service who is calling and until when', async () => {
    const seen = vi.fn(async () => ({}));
    service.behaviour.type = seen;
    await client.presence.setTyping({ roomId: room }, contextOf(bob, { timeoutMs: 1_000 }));
    const [, context] = seen.mock.calls[0] as unknown as [unknown, { remainingMs(): number }];
    expect(context).toMatchObject({ caller: bob, requestId: 'a-request' });
    expect(context.remainingMs()).toBeLessThan(1_000);
  });

  it('passes on what the service answers on purpose, with its public text and its fields', async () => {
    const errors = [{ pointer: '/roomId', detail: 'too old' }];
    service.behaviour.type = () => Promise.reject(new ProblemError('conflict', { detail: 'The room has ended.', errors }));
    const call = client.presence.setTyping({ roomId: room }, contextOf());
    await expect(call).rejects.toEqual(asIf({ name: 'ProblemError', code: 'conflict', detail: 'The room has ended.', errors }));
  });

  it('says that the service gave no usable answer where it failed by accident', async () => {
    service.behaviour.type = () => Promise.reject(new Error('secret'));
    const call = client.presence.setTyping({ roomId: room }, contextOf());
    await expect(call).rejects.toEqual(asIf({ dependency: 'presence', reason: 'invalid', code: 'dependency-failed' }));
  });

  it('waits no longer than its own deadline, however patient the request is', async () => {
    service.behaviour.type = () => new Promise(() => undefined);
    const hasty = clientOf(service.port, { deadlineMs: 100 });
    await expect(hasty.presence.setTyping({ roomId: room }, contextOf())).rejects.toEqual(
      asIf({ dependency: 'presence', reason: 'timeout' }),
    );
    hasty.close();
  });

  it('keeps a part of the time of the request to answer with what there is', async () => {
    service.behaviour.type = () => new Promise(() => undefined);
    const context = contextOf(alice, { timeoutMs: 200 });
    await expect(client.presence.setTyping({ roomId: room }, context)).rejects.toEqual(asIf({ reason: 'timeout' }));
    expect(context.remainingMs()).toBeGreaterThan(0);
  });

  it('asks nothing where nobody waits any more or no time is left', async () => {
    const seen = vi.fn(async () => ({}));
    service.behaviour.type = seen;
    await expect(client.presence.setTyping({ roomId: room }, contextOf(alice, { signal: AbortSignal.abort() }))).rejects.toEqual(
      asIf({ code: 'client-closed-request' }),
    );
    await expect(client.presence.setTyping({ roomId: room }, contextOf(alice, { timeoutMs: 10 }))).rejects.toEqual(
      asIf({ reason: 'timeout' }),
    );
    expect(seen).not.toHaveBeenCalled();
  });

  it.each(['type', 'count'] as const)('cancels the work of the service when the client hangs up (%s)', async (kind) => {
    const started = Promise.withResolvers<AbortSignal>();
    const work = (_: unknown, { signal }: { signal: AbortSignal }) => new Promise<never>(() => started.resolve(signal));
    service.behaviour[kind] = work;
    const hangUp = new AbortController();
    const context = contextOf(alice, { signal: hangUp.signal });
    const call =
      kind === 'type' ? client.presence.setTyping({ roomId: room }, context) : client.presence.countOnline({ roomId: room }, context);
    const signal = await started.promise;
    hangUp.abort();
    await expect(call).rejects.toEqual(asIf({ code: 'client-closed-request' }));
    await vi.waitFor(() => expect(signal.aborted).toBe(true));
  });

  it('whose token the service does not accept is a failure of ours, not of who asked', async () => {
    const stranger = clientOf(service.port, { audience: 'rooms-service' });
    await expect(stranger.presence.setTyping({ roomId: room }, contextOf())).rejects.toEqual(
      asIf({ dependency: 'presence', reason: 'invalid' }),
    );
    stranger.close();
  });
});

describe('calls of one turn of the event loop', () => {
  it('travel as one RPC, over all callers, and each gets its own answer', async () => {
    const batches: number[] = [];
    service.behaviour.count = async (items) => {
      batches.push(items.length);
      return items.map(({ caller, request }) => ({
        count: Number(request.roomId.slice(-3)) + (caller.subject === bob.subject ? 1_000 : 0),
      }));
    };
    const asked = Array.from({ length: 40 }, (_, n) => ({ n, caller: n % 2 ? bob : alice }));
    const answers = await Promise.all(
      asked.map(({ n, caller }) => client.presence.countOnline({ roomId: roomNumber(n) }, contextOf(caller))),
    );
    expect(answers.map(({ count }) => count)).toEqual(asked.map(({ n, caller }) => n + (caller === bob ? 1_000 : 0)));
    expect(batches).toEqual([40]);
  });

  it('that are equal, of one caller, travel once', async () => {
    const seen = vi.fn(async (items: readonly unknown[]) => items.map(() => ({ count: 4 })));
    service.behaviour.count = seen;
    const ask = (caller: typeof alice, n: number) => client.presence.countOnline({ roomId: roomNumber(n) }, contextOf(caller));
    await Promise.all([ask(alice, 1), ask(alice, 1), ask(bob, 1), ask(alice, 2)]);
    expect(seen.mock.calls[0]?.[0]).toHaveLength(3);
  });

  it('fail one by one', async () => {
    service.behaviour.count = async (items) =>
      items.map(({ request }) => (request.roomId === room ? new ProblemError('not-found') : { count: 1 }));
    const answers = await Promise.allSettled([
      client.presence.countOnline({ roomId: room }, contextOf()),
      client.presence.countOnline({ roomId: roomNumber(2) }, contextOf()),
      client.presence.countOnline({ roomId: 'general' }, contextOf()),
    ]);
    expect(answers).toEqual([
      { status: 'rejected', reason: asIf({ code: 'not-found' }) },
      { status: 'fulfilled', value: { count: 1 } },
      { status: 'rejected', reason: asIf({ code: 'validation-failed' }) },
    ]);
  });

  it('are not reset because one of them hung up', async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const release = Promise.withResolvers<void>();
    service.behaviour.count = async (items, { signal }) => {
      started.resolve(signal);
      await release.promise;
      return items.map(() => ({ count: 9 }));
    };
    const hangUp = new AbortController();
    const leaving = client.presence.countOnline({ roomId: room }, contextOf(bob, { signal: hangUp.signal }));
    const staying = client.presence.countOnline({ roomId: room }, contextOf(alice));
    const signal = await started.promise;
    hangUp.abort();
    await expect(leaving).rejects.toEqual(asIf({ code: 'client-closed-request' }));
    expect(signal.aborted).toBe(false);
    release.resolve();
    await expect(staying).resolves.toEqual({ count: 9 });
  });

  it('each end by their own deadline', async () => {
    const release = Promise.withResolvers<void>();
    service.behaviour.count = async (items) => (await release.promise, items.map(() => ({ count: 2 })));
    const hasty = client.presence.countOnline({ roomId: room }, contextOf(alice, { timeoutMs: 320 }));
    const patient = client.presence.countOnline({ roomId: room }, contextOf(bob, { timeoutMs: 500 }));
    await expect(hasty).rejects.toEqual(asIf({ reason: 'timeout' }));
    release.resolve();
    await expect(patient).resolves.toEqual({ count: 2 });
  });
});
