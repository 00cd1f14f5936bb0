import { Ending } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { describe, expect, it, vi } from 'vitest';
import {
  answerOf,
  callsOf,
  clientOf,
  contextOf,
  departed,
  departures,
  holdTime,
  outcomeOf,
  pass,
  presence,
  refuse,
  roomsOf,
  serve,
  type HeldChannel,
} from '../test/held-channel.fixtures.js';
import { DepartureQueue } from './departure-queue.js';
import { LatencyWindow } from './latency-window.js';

holdTime();

const slots = (outstanding: number) => ({ policy: { batch: { outstanding } } });
const timeout = expect.objectContaining({ dependency: 'presence', reason: 'timeout' });
/** Lets so many batches take so long, so that the client knows what is usual. */
async function teach({ ask, channel }: ReturnType<typeof presence>, batches: number, ms: number): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    ask(`lesson ${batch}`);
    await departed();
    await pass(ms);
    serve(channel.take(), () => ({ count: 0 }));
    await departed();
  }
  channel.log.length = 0;
}
const onTheWire = ({ sent }: HeldChannel) => sent.map(roomsOf);

describe('where it is quiet', () => {
  it('a call leaves with its turn of the event loop, as the plain RPC that it is', async () => {
    const { ask, channel } = presence();
    ask(1);
    expect(channel.sent).toHaveLength(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(channel.sent.map(({ path }) => path)).toEqual(['/facet.presence.v1.PresenceService/CountOnline']);
  });

  it('the calls of one turn leave together, over all callers, each with its own', async () => {
    const { ask, channel } = presence();
    ask(1, 1);
    await Promise.resolve();
    ask(2, 2);
    process.nextTick(() => ask(3, 1));
    await departed();
    expect(channel.sent.map(({ path }) => path)).toEqual(['/facet.presence.v1.PresenceService/BatchCountOnline']);
    expect(callsOf(channel.take())).toEqual([
      { subject: '1', room: '1' },
      { subject: '2', room: '2' },
      { subject: '1', room: '3' },
    ]);
  });

  it('a batch carries no token of one caller for all, but who asked first by name', async () => {
    const { ask, channel } = presence();
    ask(1, 1);
    ask(2, 2);
    await departed();
    expect(channel.take().headers).toEqual({ requestId: 'request of 1', traceparent: undefined, answerWithinMs: 57_000 });
    ask(1, 1);
    await departed();
    expect(channel.take().headers).toEqual({ token: '1', requestId: 'request of 1', traceparent: undefined });
  });

  it('an RPC speaks in the name of a request that still waits', async () => {
    const { ask, channel } = presence(slots(1));
    ask(0, 9);
    await departed();
    const ending = new Ending();
    ask(1, 1, { ending, requestId: 'left' });
    ask(1, 1, { requestId: 'stays', traceparent: '00-1-1-01' });
    ask(1, 1, { requestId: 'stays as well' });
    ending.end('bye');
    serve(channel.take());
    await departed();
    expect(channel.take().headers).toMatchObject({ requestId: 'stays', traceparent: '00-1-1-01' });
  });
});

describe('while batches are on the wire', () => {
  it.each([1, 2, 3])('and %i may be, the rest gathers and leaves when one lands', async (outstanding) => {
    const { ask, channel } = presence(slots(outstanding));
    for (let n = 0; n < outstanding; n++) {
      ask(n);
      await departed();
    }
    const gathered = ['a', 'b', 'c'].map((room) => ask(room));
    await departed();
    ask('d');
    await pass(50);
    expect(channel.sent).toHaveLength(outstanding);
    serve(channel.take());
    await departed();
    expect(onTheWire(channel).at(-1)).toEqual(['a', 'b', 'c', 'd']);
    expect(channel.sent).toHaveLength(outstanding);
    while (channel.sent.length > 0) serve(channel.take(), () => ({ count: 7 }));
    await departed();
    expect(gathered.map(({ value }) => value)).toEqual(Array(3).fill({ count: 7 }));
  });

  it('as many may be for each instance that the target names', async () => {
    const { ask, channel } = presence({ ...slots(2), instances: ['10.0.0.1:1', '10.0.0.2:1', '10.0.0.3:1'] });
    for (let n = 0; n < 8; n++) {
      ask(n);
      await departed();
    }
    expect(channel.sent).toHaveLength(6);
  });

  it.each([
    ['answers', serve],
    ['fails', refuse],
  ])('one that %s makes room', async (_, end) => {
    const { ask, channel } = presence(slots(1));
    ask(0);
    await departed();
    ask(1);
    await departed();
    end(channel.take());
    await departed();
    expect(onTheWire(channel)).toEqual([['1']]);
  });

  it('one that everybody left makes room', async () => {
    const { ask, channel } = presence(slots(1));
    const ending = new Ending();
    ask(0, 1, { ending });
    await departed();
    ask(1);
    await departed();
    ending.end('bye');
    await departed();
    expect(departures(channel)).toEqual([['0'], ['1']]);
  });

  it('groups leave one by one, those who waited longest first', async () => {
    const { ask, channel } = presence(slots(1));
    ask(0);
    await departed();
    ask('patient', 1, { timeoutMs: 50_000 });
    await pass(1);
    ask('urgent', 1, { timeoutMs: 900 });
    await departed();
    for (let landing = 0; landing < 3; landing++) {
      serve(channel.take(), () => ({ count: 1 }));
      await departed();
    }
    expect(departures(channel)).toEqual([['0'], ['patient'], ['urgent']]);
  });

  it('no stream of urgent calls holds up a patient one', async () => {
    const { ask, channel } = presence(slots(1));
    ask(0);
    await departed();
    ask('patient', 1, { timeoutMs: 50_000 });
    await pass(1);
    for (let ms = 0; ms < 45 && !channel.log.some((sent) => roomsOf(sent).includes('patient')); ms++) {
      ask(`urgent ${ms}`, 1, { timeoutMs: 1_000 });
      await pass(1);
      if (ms % 10 === 9) serve(channel.take(), () => ({ count: 1 }));
    }
    await departed();
    expect(departures(channel)[1]).toEqual(['patient']);
  });

  it('calls of another method do not wait', async () => {
    const { client, ask, channel } = presence(slots(1));
    ask(0);
    await departed();
    outcomeOf(client.setTyping({ roomId: '1' }, contextOf('1')));
    await departed();
    expect(channel.sent).toHaveLength(2);
  });
});

describe('a batch that is later than usual', () => {
  it('holds nobody up: another one opens after 100 ms, as long as nothing is known', async () => {
    const { ask, channel } = presence(slots(1));
    ask(0);
    await departed();
    await pass(30);
    ask(1);
    await pass(69);
    expect(departures(channel)).toEqual([['0']]);
    await pass(3);
    expect(departures(channel)).toEqual([['0'], ['1']]);
  });

  it('is one that is later than 95 of 100 were', async () => {
    const world = presence(slots(1));
    await teach(world, 16, 40);
    world.ask(0);
    await departed();
    world.ask(1);
    await pass(39);
    expect(departures(world.channel)).toEqual([['0']]);
    await pass(3);
    expect(departures(world.channel)).toEqual([['0'], ['1']]);
  });

  it('is never one that is younger than 5 ms', async () => {
    const world = presence(slots(1));
    await teach(world, 16, 1);
    world.ask(0);
    await departed();
    world.ask(1);
    await pass(4);
    expect(departures(world.channel)).toEqual([['0']]);
    await pass(3);
    expect(departures(world.channel)).toEqual([['0'], ['1']]);
  });

  it('is not learned from what failed', async () => {
    const world = presence(slots(1));
    for (let batch = 0; batch < 16; batch++) {
      world.ask(0);
      await departed();
      refuse(world.channel.take(), 5);
    }
    world.channel.log.length = 0;
    world.ask(0);
    await departed();
    world.ask(1);
    await pass(90);
    expect(departures(world.channel)).toEqual([['0']]);
  });

  it('opens a way for one other, not for all', async () => {
    const { ask, channel } = presence(slots(2));
    ask(0);
    await departed();
    await pass(50);
    ask(1);
    await departed();
    ask(2);
    await pass(60);
    ask(3);
    await pass(30);
    expect(departures(channel)).toEqual([['0'], ['1'], ['2']]);
    await pass(20);
    expect(departures(channel)).toEqual([['0'], ['1'], ['2'], ['3']]);
  });

  it('is one of at most eight times the slots', async () => {
    const { ask, channel } = presence(slots(2));
    for (let n = 0; n < 40; n++) {
      ask(n);
      await pass(110);
    }
    expect(channel.log).toHaveLength(16);
    serve(channel.take());
    await departed();
    expect(channel.log).toHaveLength(17);
    expect(roomsOf(channel.log.at(-1)!)).toHaveLength(24);
  });

  it('that lands in the end is answered like any other', async () => {
    const { ask, channel } = presence(slots(1));
    const stuck = ask(0);
    await departed();
    const other = ask(1);
    await pass(110);
    const [first, second] = [channel.take(), channel.take()];
    serve(second);
    await departed();
    serve(first);
    await departed();
    expect([stuck.value, other.value]).toEqual([answerOf(1, 0), answerOf(1, 1)]);
    ask(2);
    await departed();
    ask(3);
    await departed();
    expect(onTheWire(channel)).toEqual([['2']]);
  });
});

describe('a call that waits for a slot', () => {
  it('ends at its own deadline, and is never sent', async () => {
    const { ask, channel, bulkhead } = presence(slots(1));
    ask(0);
    await departed();
    const [soon, sooner] = [ask(1, 1, { timeoutMs: 80 }), ask(2, 1, { timeoutMs: 40 })];
    await pass(39);
    expect(sooner.error).toBeUndefined();
    await pass(1);
    expect([sooner.error, soon.error]).toEqual([timeout, undefined]);
    await pass(40);
    expect(soon.error).toEqual(timeout);
    expect(bulkhead.waiting).toBe(1);
    serve(channel.take());
    await departed();
    expect(departures(channel)).toEqual([['0']]);
  });

  it('is never sent where its time was over before the timer rang', async () => {
    const { ask, channel } = presence(slots(1));
    ask(0);
    await departed();
    const asked = ask(1, 1, { timeoutMs: 80 });
    vi.setSystemTime(Date.now() + 80);
    serve(channel.take());
    await departed();
    expect(asked.error).toEqual(timeout);
    expect(channel.log).toHaveLength(1);
  });

  it('is never sent where its caller hung up', async () => {
    const { ask, channel, bulkhead } = presence(slots(1));
    ask(0);
    await departed();
    const ending = new Ending();
    ask(1, 1, { ending });
    ask(2);
    ending.end('bye');
    expect(bulkhead.waiting).toBe(2);
    serve(channel.take());
    await departed();
    expect(departures(channel)).toEqual([['0'], ['2']]);
  });
});

it('the names of 10,000 callers are remembered at most, and none is given twice', () => {
  const latency = new LatencyWindow();
  const bounds = { mostItems: 1, mostBytes: 1, bytesPerAnswer: () => 1 };
  const queue = new DepartureQueue({ slots: () => 1, bounds, homeOf: undefined, latency, depart: () => undefined });
  const keyOf = (caller: number) => queue.keyOf(String(caller), Buffer.alloc(0));
  const keys = Array.from({ length: 10_000 }, (_, caller) => keyOf(caller));
  expect([keyOf(0), keyOf(9_999)]).toEqual([keys[0], keys[9_999]]);
  keys.push(keyOf(10_000), keyOf(0));
  expect(new Set(keys).size).toBe(10_002);
});

describe('with batching off', () => {
  const off = { policy: { batch: { mostItems: 1 } } };

  it('each call is one RPC, and none waits for another', async () => {
    const { ask, channel } = presence(off);
    const asked = Array.from({ length: 30 }, (_, n) => ask(n, n % 3));
    await departed();
    expect(departures(channel)).toEqual(Array.from({ length: 30 }, (_, n) => [String(n)]));
    while (channel.sent.length > 0) serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual(Array.from({ length: 30 }, (_, n) => answerOf(n % 3, n)));
  });

  it('a method may have it off by itself', async () => {
    const { ask, channel } = presence({ policy: { methods: { countOnline: { batch: { mostItems: 1 } } } } });
    [1, 2].forEach((room) => ask(room));
    await departed();
    expect(departures(channel)).toEqual([['1'], ['2']]);
  });
});

it('a method without a twin is sent one by one, and never waits', async () => {
  const { client, channel } = clientOf(PresenceService, slots(1));
  for (let room = 0; room < 30; room++) outcomeOf(client.setTyping({ roomId: String(room) }, contextOf('1')));
  await departed();
  expect(channel.sent.map(({ path }) => path)).toEqual(Array(30).fill('/facet.presence.v1.PresenceService/SetTyping'));
});
