import { Ending } from '@facet/context';
import { GrpcStatus } from '@facet/errors';
import { describe, expect, it, vi } from 'vitest';
import type { PolicyOptions } from './policy.js';
import {
  answerOf,
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
} from '../test/held-channel.fixtures.js';

holdTime();

const { UNAVAILABLE, DEADLINE_EXCEEDED, NOT_FOUND, INTERNAL, RESOURCE_EXHAUSTED } = GrpcStatus;
const open = expect.objectContaining({ dependency: 'presence', reason: 'open', status: 503 });
const policy = (breaker: PolicyOptions['breaker'] = {}, more: PolicyOptions = {}): { policy: PolicyOptions } => ({
  policy: { breaker: { minimumItems: 4, openMs: 1_000, ...breaker }, retry: { attempts: 1 }, ...more },
});
type World = ReturnType<typeof presence>;

/** A call of its own, with what became of it. */
async function asked(world: World, answer: (sent: World['channel']['sent'][number]) => void, calls = 1) {
  const outcomes = Array.from({ length: calls }, (_, room) => world.ask(room));
  await departed();
  for (const sent of world.channel.sent.splice(0)) answer(sent);
  await departed();
  return outcomes;
}
const isOpen = async (world: World) => {
  const before = world.channel.log.length;
  const probe = world.ask('?');
  await departed();
  for (const sent of world.channel.sent.splice(0)) serve(sent, () => ({ count: 1 }));
  await departed();
  return world.channel.log.length === before && (probe.error as { reason?: string } | undefined)?.reason === 'open';
};

describe('the breaker opens', () => {
  it.each([
    ['items of a batch that fail', (world: World) => asked(world, (sent) => serve(sent, () => UNAVAILABLE), 4)],
    ['a batch that fails', (world: World) => asked(world, (sent) => refuse(sent, INTERNAL), 4)],
    ['what is no answer', (world: World) => asked(world, (sent) => sent.answered(null, Buffer.from([0xff])), 4)],
  ])('on %s, as many as there are calls', async (_, fail) => {
    const world = presence(policy());
    await fail(world);
    expect(await isOpen(world)).toBe(true);
  });

  it('where half of the calls fail, not where fewer do', async () => {
    for (const [failing, opens] of [
      [4, false],
      [5, true],
    ] as const) {
      const world = presence(policy({ minimumItems: 10 }));
      await asked(world, (sent) => serve(sent, ({ room }) => (Number(room) < failing ? UNAVAILABLE : { count: 1 })), 10);
      expect(await isOpen(world)).toBe(opens);
    }
  });

  it('on calls that the service lets wait until their time is over', async () => {
    const world = presence({ ...policy(), deadlineMs: 300 });
    for (let room = 0; room < 4; room++) world.ask(room);
    await pass(300);
    expect(await isOpen(world)).toBe(true);
  });

  it('on items that are late, where they had half of the usual time', async () => {
    const world = presence({ ...policy(), deadlineMs: 300 });
    for (let room = 0; room < 4; room++) world.ask(room);
    await pass(150);
    serve(world.channel.take(), () => DEADLINE_EXCEEDED);
    await departed();
    expect(await isOpen(world)).toBe(true);
  });

  it('on calls whose callers had no time left when the others were answered', async () => {
    const world = presence({ ...policy(), deadlineMs: 300 });
    for (let room = 0; room < 5; room++) world.ask(room, 1, { timeoutMs: room < 4 ? 200 : 300 });
    await pass(250);
    serve(world.channel.take());
    await departed();
    expect(await isOpen(world)).toBe(true);
  });
});

describe('the breaker is blind to', () => {
  it('what the service refuses: that is an answer', async () => {
    const world = presence(policy());
    await asked(world, (sent) => serve(sent, () => NOT_FOUND), 40);
    expect(await isOpen(world)).toBe(false);
  });

  it('callers who hang up, before and after the answer', async () => {
    const world = presence({ ...policy(), deadlineMs: 300 });
    for (let round = 0; round < 4; round++) {
      const ending = new Ending();
      for (let room = 0; room < 10; room++) world.ask(room, 1, { ending });
      if (round % 2) world.ask('stays');
      await pass(200);
      ending.end('bye');
      const sent = world.channel.take();
      if (!sent.cancelled) serve(sent, () => ({ count: 1 }));
      await departed();
    }
    expect(await isOpen(world)).toBe(false);
  });

  it('callers in a hurry: less than half of the usual time is no time', async () => {
    const world = presence({ ...policy(), deadlineMs: 300 });
    for (let room = 0; room < 10; room++) world.ask(room, 1, { timeoutMs: 149 });
    await pass(149);
    expect(world.channel.take().cancelled).toBe(true);
    for (let room = 0; room < 10; room++) world.ask(room, 1, { timeoutMs: 149 });
    await pass(140);
    serve(world.channel.take(), () => DEADLINE_EXCEEDED);
    await departed();
    for (let room = 0; room < 10; room++) world.ask(room, 1, { timeoutMs: room ? 100 : 149 });
    await pass(120);
    serve(world.channel.take());
    await departed();
    expect(await isOpen(world)).toBe(false);
  });

  it('time that calls wait for a slot', async () => {
    const world = presence({ ...policy(), deadlineMs: 100, policy: { ...policy().policy, batch: { outstanding: 1 } } });
    world.ask('first');
    await departed();
    for (let room = 0; room < 10; room++) world.ask(room);
    await pass(60);
    serve(world.channel.take(), () => ({ count: 1 }));
    await pass(40);
    world.channel.take();
    expect(await isOpen(world)).toBe(false);
  });
});

describe('while it is open', () => {
  it('calls fail at once, and nothing is sent', async () => {
    const world = presence(policy());
    await asked(world, refuse, 4);
    const before = world.channel.log.length;
    const outcomes = [1, 2, 3].map((room) => world.ask(room));
    await Promise.resolve();
    await Promise.resolve();
    expect(outcomes.map(({ error }) => error)).toEqual([open, open, open]);
    await pass(900);
    expect(world.channel.log).toHaveLength(before);
    expect([world.bulkhead.waiting, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('calls that waited for a slot fail as soon as there is one', async () => {
    const world = presence(policy({}, { batch: { outstanding: 1 } }));
    for (let room = 0; room < 4; room++) world.ask(room);
    await departed();
    const waiting = world.ask('waits');
    refuse(world.channel.take());
    await departed();
    expect(waiting.error).toEqual(open);
    expect(world.bulkhead.waiting).toBe(0);
  });

  it('a batch that is refused for its size goes no further', async () => {
    const world = presence(policy());
    const halves = [1, 2].map((room) => world.ask(room));
    await departed();
    const early = world.channel.take();
    await asked(world, refuse, 4);
    const before = world.channel.log.length;
    refuse(early, RESOURCE_EXHAUSTED);
    await departed();
    expect(halves.map(({ error }) => error)).toEqual([open, open]);
    expect([world.channel.log.length, world.bulkhead.rpcs, world.bulkhead.waiting]).toEqual([before, 0, 0]);
  });

  it('calls that rest before another try fail when they wake', async () => {
    const world = presence(policy({}, { retry: { attempts: 3 } }));
    const outcomes = await asked(world, refuse, 4);
    await pass(30);
    expect(outcomes.map(({ error }) => error)).toEqual(Array(4).fill(open));
    expect(world.channel.log).toHaveLength(1);
  });

  it('other methods of the target are called as before', async () => {
    const world = presence(policy());
    await asked(world, refuse, 4);
    outcomeOf(world.client.setTyping({ roomId: '1' }, contextOf('1')));
    await departed();
    expect(world.channel.sent).toHaveLength(1);
  });

  it('what left before says nothing', async () => {
    const world = presence(policy());
    world.ask('early');
    await departed();
    const early = world.channel.take();
    await asked(world, refuse, 4);
    serve(early, () => ({ count: 1 }));
    await departed();
    expect(await isOpen(world)).toBe(true);
  });
});

describe('after its time', () => {
  const openedWorld = async (more: PolicyOptions = {}) => {
    const world = presence(policy({}, more));
    await asked(world, refuse, 4);
    await pass(1_000);
    world.channel.log.length = 0;
    return world;
  };

  it('one RPC is let through, and whoever asks meanwhile fails at once', async () => {
    const world = await openedWorld();
    const probes = [1, 2].map((room) => world.ask(room));
    await departed();
    const others = [3, 4].map((room) => world.ask(room));
    await departed();
    expect(departures(world.channel)).toEqual([['1', '2']]);
    expect(others.map(({ error }) => error)).toEqual([open, open]);
    serve(world.channel.take());
    await departed();
    expect(probes.map(({ value }) => value)).toEqual([answerOf(1, 1), answerOf(1, 2)]);
  });

  it('it is closed by an answer, for good', async () => {
    const world = await openedWorld();
    await asked(world, serve);
    await asked(world, refuse, 3);
    expect(await isOpen(world)).toBe(false);
  });

  it('it stays open where that fails too, twice as long', async () => {
    const world = await openedWorld();
    await asked(world, refuse);
    await pass(1_999);
    expect(await isOpen(world)).toBe(true);
    await pass(1);
    expect(await isOpen(world)).toBe(false);
  });

  it('calls of which only a part may leave fail as far as they may not', async () => {
    const world = await openedWorld({ batch: { mostItems: 2 } });
    const outcomes = [1, 2, 3, 4].map((room) => world.ask(room));
    await departed();
    expect(departures(world.channel)).toEqual([['1', '2']]);
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined, open, open]);
  });

  it('one whose callers hang up makes room for the next', async () => {
    const world = await openedWorld();
    const ending = new Ending();
    world.ask(1, 1, { ending });
    await departed();
    ending.end('bye');
    world.ask(2);
    await departed();
    expect(departures(world.channel)).toEqual([['1'], ['2']]);
  });

  it.each([
    ['closes it', (sent: World['channel']['sent'][number]) => serve(sent), false],
    ['opens it', (sent: World['channel']['sent'][number]) => refuse(sent), true],
  ])('one that was refused for its size gives its place to one of its halves, which %s', async (_, answer, opens) => {
    const world = await openedWorld();
    const [, second] = [1, 2].map((room) => world.ask(room));
    await departed();
    refuse(world.channel.take(), RESOURCE_EXHAUSTED);
    await departed();
    expect([world.channel.sent.map(roomsOf), second?.error]).toEqual([[['1']], open]);
    answer(world.channel.take());
    await departed();
    expect(await isOpen(world)).toBe(opens);
  });

  it('one that was refused for its size, and whose halves are left one by one, makes room for one', async () => {
    const world = await openedWorld();
    const [one, other] = [new Ending(), new Ending()];
    world.ask(1, 1, { ending: one });
    world.ask(2, 1, { ending: other });
    await departed();
    refuse(world.channel.take(), RESOURCE_EXHAUSTED);
    one.end('bye');
    world.ask(3);
    await departed();
    other.end('bye');
    const last = world.ask(4);
    await departed();
    expect([world.channel.sent.filter(({ cancelled }) => !cancelled).map(roomsOf), last.error]).toEqual([[['3']], open]);
  });

  it('one that was refused for its size, and whose callers have left, makes room for the next', async () => {
    const world = await openedWorld();
    [1, 2].forEach((room) => world.ask(room, 1, { timeoutMs: 50 }));
    await departed();
    vi.setSystemTime(Date.now() + 60);
    refuse(world.channel.take(), RESOURCE_EXHAUSTED);
    await departed();
    expect(world.channel.sent).toEqual([]);
    world.ask(3);
    await departed();
    expect(world.channel.sent.map(roomsOf)).toEqual([['3']]);
  });

  it('one for which there is no room on the wire leaves the next one its place', async () => {
    const world = await openedWorld({ bulkhead: { rpcs: 1 } });
    const ending = new Ending();
    outcomeOf(world.client.setTyping({ roomId: '1' }, contextOf('1', { ending })));
    await departed();
    const shed = world.ask(1);
    await departed();
    expect(shed.error).toMatchObject({ reason: 'shed' });
    ending.end('bye');
    world.ask(2);
    await departed();
    expect(roomsOf(world.channel.sent.at(-1)!)).toEqual(['2']);
  });
});

it('a service that comes back after a slow spell is asked again by itself', async () => {
  const world = presence({ ...policy({ minimumItems: 20, openMs: 200 }), deadlineMs: 300 });
  const reasons: (string | undefined)[] = [];
  for (let ms = 0; ms < 5_000; ms += 50) {
    const outcome = world.ask(ms, 1, { timeoutMs: 250 });
    outcome.promise.then(
      () => reasons.push('ok'),
      ({ reason }: { reason: string }) => reasons.push(reason),
    );
    await pass(50);
    if (ms > 2_500) for (const sent of world.channel.sent.splice(0)) serve(sent, () => ({ count: 1 }));
  }
  const changes = reasons.filter((reason, at) => reason !== reasons[at - 1]);
  expect(changes[0]).toBe('timeout');
  expect(changes).toContain('open');
  expect(changes.at(-1)).toBe('ok');
  expect(reasons.filter((reason) => reason === 'ok').length).toBeGreaterThan(20);
});
