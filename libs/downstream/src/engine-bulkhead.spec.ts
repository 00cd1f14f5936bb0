import { Ending } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { describe, expect, it } from 'vitest';
import {
  answerOf,
  clientOf,
  contextOf,
  departed,
  departures,
  holdTime,
  outcomeOf,
  pass,
  presence,
  refuse,
  serve,
} from '../test/held-channel.fixtures.js';

holdTime();

const shed = expect.objectContaining({ dependency: 'presence', reason: 'shed', status: 503 });
const waitingRoom = (waiting: number) => ({ policy: { bulkhead: { waiting }, retry: { attempts: 1 } } });

describe('as many calls as are allowed may wait', () => {
  it('and the next one fails at once', async () => {
    const { ask, channel, bulkhead } = presence(waitingRoom(2));
    const asked = [1, 2, 3].map((room) => ask(room));
    await Promise.resolve();
    await Promise.resolve();
    expect(asked.map(({ error }) => error)).toEqual([undefined, undefined, shed]);
    await departed();
    expect(departures(channel)).toEqual([['1', '2']]);
    serve(channel.take());
    await departed();
    expect([asked.map(({ value }) => value), bulkhead.waiting]).toEqual([[answerOf(1, 1), answerOf(1, 2), undefined], 0]);
  });

  it('over all methods of the target', async () => {
    const { client, ask } = presence(waitingRoom(1));
    outcomeOf(client.setTyping({ roomId: '1' }, contextOf('1')));
    const asked = ask(1);
    await departed();
    expect(asked.error).toEqual(shed);
  });

  it('and as many as like may join one of them', async () => {
    const { ask, channel } = presence(waitingRoom(1));
    const asked = [1, 1, 1, 1].map((room) => ask(room));
    await departed();
    serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual(Array(4).fill(answerOf(1, 1)));
  });

  it.each<[string, (world: ReturnType<typeof presence>, ending: Ending) => unknown]>([
    ['is answered', ({ channel }) => serve(channel.take())],
    ['is refused', ({ channel }) => serve(channel.take(), () => 5)],
    ['fails', ({ channel }) => refuse(channel.take())],
    ['is answered with nonsense', ({ channel }) => channel.take().answered(null, Buffer.from([0xff]))],
    ['is over', () => pass(1_000)],
    ['loses its caller', (_, ending) => ending.end('bye')],
  ])('and one that %s makes room', async (_, end) => {
    const world = presence(waitingRoom(1));
    const ending = new Ending();
    world.ask(1, 1, { timeoutMs: 1_000, ending });
    await departed();
    const shedOne = world.ask(2);
    await end(world, ending);
    await departed();
    const next = world.ask(3);
    await departed();
    expect(shedOne.error).toEqual(shed);
    expect(departures(world.channel)).toEqual([['1'], ['3']]);
    expect(next.error).toBeUndefined();
  });

  it('and what never began takes no place', async () => {
    const { client, ask, bulkhead } = presence(waitingRoom(1));
    const nonsense = outcomeOf(client.heartbeat({ status: 1.5 as never }, contextOf('1')));
    const late = ask(1, 1, { timeoutMs: 0 });
    await departed();
    expect([nonsense.error, late.error]).toEqual([expect.any(Error), expect.any(Error)]);
    expect(bulkhead.waiting).toBe(0);
  });

  it('and a caller for whom there is no token takes none', async () => {
    const mint = () => {
      throw new Error('no key');
    };
    const { client, bulkhead } = clientOf(PresenceService, { ...waitingRoom(1), minter: { mint } });
    const asked = outcomeOf(client.countOnline({ roomId: '1' }, contextOf('1')));
    await departed();
    expect([asked.error, bulkhead.waiting]).toEqual([new Error('no key'), 0]);
  });
});

describe('as many RPCs as are allowed may be on the wire', () => {
  it('and calls of the next one fail', async () => {
    const { client, channel, bulkhead } = clientOf(PresenceService, { policy: { bulkhead: { rpcs: 2 } } });
    const asked = [1, 2, 3].map((room) => outcomeOf(client.setTyping({ roomId: String(room) }, contextOf('1'))));
    await departed();
    expect(asked.map(({ error }) => error)).toEqual([undefined, undefined, shed]);
    expect([channel.sent.length, bulkhead.rpcs, bulkhead.waiting]).toEqual([2, 2, 2]);
    channel.take().answered(null, Buffer.alloc(0));
    const next = outcomeOf(client.setTyping({ roomId: '4' }, contextOf('1')));
    await departed();
    expect([next.error, channel.sent.length]).toEqual([undefined, 2]);
  });

  it('and all calls of a batch that may not go fail, those who joined them included', async () => {
    const { ask, client, bulkhead } = presence({ policy: { bulkhead: { rpcs: 1 } } });
    outcomeOf(client.setTyping({ roomId: '1' }, contextOf('1')));
    await departed();
    const asked = [1, 1, 2].map((room) => ask(room));
    await departed();
    expect(asked.map(({ error }) => error)).toEqual([shed, shed, shed]);
    expect([bulkhead.rpcs, bulkhead.waiting]).toEqual([1, 1]);
  });
});
