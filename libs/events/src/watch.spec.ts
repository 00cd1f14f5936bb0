import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Deliver, Pulse } from './event-bus.js';
import { Watch, type Follower, type StoredEvent, type WatchBus } from './watch.js';

interface FakeBus extends WatchBus {
  readonly pulse: Pulse;
  readonly deliver: Deliver;
  closed: boolean;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const eventNamed = (id: string) => ({ id }) as StoredEvent;

/** A watch on buses that the test moves by hand, and what its follower and its report were told. */
function aWatch({ open, saw }: { open?: () => Promise<WatchBus>; saw?: Follower['saw'] } = {}) {
  const [buses, told, reports]: [FakeBus[], string[], string[]] = [[], [], []];
  const openFake = async () => {
    const bus = { closed: false, close: async () => void (bus.closed = true) } as FakeBus;
    bus.watch = async (_topic, _from, deliver, pulse) => {
      buses.push(Object.assign(bus, { deliver, pulse }));
      return { stop: async () => undefined };
    };
    return bus;
  };
  const follower: Follower = {
    began: () => void told.push('began'),
    saw: (event) => {
      saw?.(event);
      told.push(event.id);
    },
    lost: () => void told.push('lost'),
  };
  const report = (level: string, message: string) => void reports.push(`${level} ${message}`);
  const watch = new Watch({ topic: 'facet.rooms.v1', open: open ?? openFake, follower, report });
  watch.start();
  return { watch, buses, told, reports };
}

const soon = () => vi.advanceTimersByTimeAsync(0);

test('the follower is told when it begins to see, once, and then every event in order', async () => {
  const { buses, told } = aWatch();
  await soon();
  expect(told).toEqual([]);
  buses[0]!.pulse.heard();
  await buses[0]!.deliver([eventNamed('1'), eventNamed('2')]);
  buses[0]!.pulse.heard();
  expect(told).toEqual(['began', '1', '2']);
});

test('a look that fails is a loss at once; the bus is closed and another is followed', async () => {
  const { buses, told, reports } = aWatch();
  await soon();
  buses[0]!.pulse.heard();
  buses[0]!.pulse.failed(new Error('gone'));
  await soon();
  expect(told).toEqual(['began', 'lost']);
  expect(buses[0]!.closed).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  buses[1]!.pulse.heard();
  expect(told).toEqual(['began', 'lost', 'began']);
  expect(reports).toEqual(['warn facet.rooms.v1 cannot be watched; trying again']);
});

test('five seconds of silence are a loss, four are none', async () => {
  const { buses, told } = aWatch();
  await soon();
  buses[0]!.pulse.heard();
  await vi.advanceTimersByTimeAsync(4_000);
  buses[0]!.pulse.heard();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(told).toEqual(['began']);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(['began', 'lost']);
});

test('what a bus that was given up still delivers or says is not heard', async () => {
  const { buses, told } = aWatch();
  await soon();
  buses[0]!.pulse.heard();
  buses[0]!.pulse.failed(new Error('gone'));
  await soon();
  await buses[0]!.deliver([eventNamed('late')]);
  buses[0]!.pulse.heard();
  expect(told).toEqual(['began', 'lost']);
});

test('an event that the follower cannot bear is a loss, not an event that comes again for ever', async () => {
  const { buses, told } = aWatch({
    saw: ({ id }) => {
      if (id === 'bad') throw new Error('no');
    },
  });
  await soon();
  buses[0]!.pulse.heard();
  await buses[0]!.deliver([eventNamed('bad'), eventNamed('after')]);
  await soon();
  expect(told).toEqual(['began', 'lost']);
});

test('a bus that cannot be opened is tried again, ever more slowly, and reported once as a warning', async () => {
  const open = vi.fn(() => Promise.reject(new Error('away')));
  const { told, reports, watch } = aWatch({ open });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open.mock.calls.length).toBeGreaterThan(10);
  expect(open.mock.calls.length).toBeLessThan(25);
  expect(reports.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  expect(told).toEqual([]);
  await watch.stop();
});

test('a bus that never begins is given up after half a minute', async () => {
  const { buses } = aWatch();
  await vi.advanceTimersByTimeAsync(30_100);
  expect(buses).toHaveLength(2);
  expect(buses[0]!.closed).toBe(true);
});

test('after it was stopped the follower knows that it is blind, and a bus that will not close holds up nobody', async () => {
  const bus: WatchBus = {
    watch: async (_topic, _from, _deliver, pulse) => {
      pulse?.heard();
      return { stop: async () => undefined };
    },
    close: () => new Promise(() => undefined),
  };
  const { watch, told } = aWatch({ open: async () => bus });
  await soon();
  const stopped = watch.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  await stopped;
  expect(told).toEqual(['began', 'lost']);
});
