import { beforeEach, describe, expect, it } from 'vitest';
import { endpoints, World } from '../test/world.fixtures.js';
import type { OutlierOptions } from './options.js';

const names = Array.from({ length: 20 }, (_, at) => `i${at}`);
const table = (instances: number) => names.slice(0, instances).join(' ');
const only = { successRate: false, failurePercentage: false, consecutiveFailures: 0, latency: false } as const;

let world: World;
const start = (instances: number, outlier: OutlierOptions) =>
  (world = new World(table(instances), { outlier: { ...only, ...outlier }, slowStart: { ms: 0 } }));

/** So many of its calls succeed and so many fail, mixed. */
function did(address: string, succeeded: number, failed: number) {
  for (let call = 0; call < Math.max(succeeded, failed); call++) {
    if (call < failed) world.land(address, 1, 'failed');
    if (call < succeeded) world.land(address, 1);
  }
}
const pass = (ms: number) => {
  world.now += ms;
  world.fleet.sweep();
};
const out = () => world.fleet.members.filter(({ ejected }) => ejected).map(({ address }) => address);

describe('success rate (gRFC A50)', () => {
  const rule = { successRate: {} };

  it('takes out who is more than 1.9 standard deviations below the mean', () => {
    start(10, rule);
    names.slice(0, 9).forEach((name) => did(name, 99, 1));
    did('i9', 90, 10);
    pass(9_999);
    expect(out()).toEqual([]);
    pass(1);
    expect(out()).toEqual(['i9']);
    expect(world.ejections).toEqual(['i9 success_rate']);
  });

  it('takes out nobody within 1.9 standard deviations', () => {
    start(10, rule);
    // Rates of 100, 90, …, 10 %: mean 55, deviation 28.7, bound 0.4.
    names.slice(0, 10).forEach((name, at) => did(name, 100 - at * 10, at * 10));
    pass(10_000);
    expect(out()).toEqual([]);
  });

  it('takes out nobody where too few have the volume, of items and of RPCs', () => {
    start(3, rule);
    did('i0', 100, 0);
    did('i1', 100, 0);
    did('i2', 0, 99);
    pass(10_000);
    expect(out()).toEqual([]);
    did('i0', 100, 0);
    did('i1', 100, 0);
    world.land('i2', 4, 'failed', 1, 500);
    pass(10_000);
    expect(out()).toEqual([]);
  });

  it('counts only the last interval', () => {
    start(3, rule);
    ['i0', 'i1'].forEach((name) => did(name, 100, 0));
    did('i2', 60, 0);
    pass(10_000);
    ['i0', 'i1'].forEach((name) => did(name, 100, 0));
    did('i2', 0, 60);
    pass(10_000);
    expect(out()).toEqual([]);
  });

  it.each([
    [3, 50, ['i0']],
    [3, 11, []],
    [4, 50, ['i0']],
    [2, 50, []],
  ])('fits a fleet of %i: with %i failures of 100 more than the others it takes out %j', (instances, failed, expected) => {
    start(instances, rule);
    did('i0', 100 - failed, failed);
    names.slice(1, instances).forEach((name) => did(name, 100, 0));
    pass(10_000);
    expect(out()).toEqual(expected);
  });

  it('takes out none of three of which two fail alike', () => {
    start(3, rule);
    did('i0', 50, 50);
    did('i1', 50, 50);
    did('i2', 100, 0);
    pass(10_000);
    expect(out()).toEqual([]);
  });

  it('waits for as many hosts as told', () => {
    start(4, { successRate: { minimumHosts: 5 } });
    names.slice(1, 4).forEach((name) => did(name, 100, 0));
    did('i0', 0, 100);
    pass(10_000);
    expect(out()).toEqual([]);
  });
});

describe('failure percentage (gRFC A50)', () => {
  const rule = { failurePercentage: {} };

  it.each([
    [85, []],
    [86, ['i0']],
  ])('with %i of 100 items failed takes out %j', (failed, expected) => {
    start(3, rule);
    did('i0', 100 - failed, failed);
    pass(10_000);
    expect(out()).toEqual(expected);
  });

  it('takes out nobody below the volume, in a fleet below the minimum, or where all fail', () => {
    start(3, rule);
    did('i0', 0, 49);
    pass(10_000);
    expect(out()).toEqual([]);
    names.slice(0, 3).forEach((name) => did(name, 0, 100));
    pass(10_000);
    expect(out()).toEqual([]);
    start(2, rule);
    did('i0', 0, 100);
    pass(10_000);
    expect(out()).toEqual([]);
  });

  it.each([
    [3, 1],
    [10, 1],
    [19, 1],
    [20, 2],
  ])('takes out at most a tenth of %i, but one at least: %i, the worst first', (instances, most) => {
    start(instances, rule);
    names.slice(0, 2).forEach((name) => did(name, 10, 90));
    did(names[2]!, 0, 100);
    names.slice(3, instances).forEach((name) => did(name, 100, 0));
    did('i1', 0, 1);
    // With three all fail but one.
    if (instances === 3) did('i0', 100, 0);
    pass(10_000);
    expect(out().length).toBe(most);
    expect(out()).toContain('i2');
  });
});

describe('failures in a row', () => {
  const rule = { consecutiveFailures: 5 };

  it('take an instance out at once', () => {
    start(3, rule);
    world.land('i0', 4, 'failed');
    world.land('i0', 1, 'succeeded');
    world.land('i0', 4, 'failed');
    expect(out()).toEqual([]);
    world.land('i0', 1, 'failed');
    expect(out()).toEqual(['i0']);
    expect(world.share(100)).toEqual({ i1: 50, i2: 50 });
  });

  it('are RPCs, and none in which the callers left', () => {
    start(3, rule);
    world.land('i0', 4, 'failed', 1, 500);
    world.land('i0', 20, 'left');
    expect(out()).toEqual([]);
  });

  it('take out nobody while all others fail as well', () => {
    start(3, rule);
    for (let round = 0; round < 50; round++) for (const name of names.slice(0, 3)) world.land(name, 1, 'failed');
    expect(out()).toEqual([]);
  });

  it('take out one of two as well, but not the last one', () => {
    start(2, rule);
    world.land('i0', 5, 'failed');
    expect(out()).toEqual(['i0']);
    world.land('i1', 50, 'failed');
    expect(out()).toEqual(['i0']);
    start(1, rule);
    world.land('i0', 50, 'failed');
    expect(out()).toEqual([]);
  });
});

describe('latency', () => {
  const rule = { latency: {} };
  const landings = (address: string, ms: number, rpcs = 20) => world.land(address, rpcs, 'succeeded', ms);

  it('takes out whose median is far above that of the others, at the next look', () => {
    start(3, rule);
    landings('i0', 100);
    landings('i1', 10);
    landings('i2', 10);
    pass(1_999);
    expect(out()).toEqual([]);
    pass(1);
    expect(world.ejections).toEqual(['i0 latency']);
  });

  it('takes out one that becomes slow within three looks, however fast it was', () => {
    start(3, rule);
    for (let look = 0; look < 10; look++) {
      names.slice(0, 3).forEach((name) => landings(name, 10));
      pass(2_000);
    }
    for (let look = 0; look < 3; look++) {
      landings('i0', 100);
      landings('i1', 10);
      landings('i2', 10);
      pass(2_000);
    }
    expect(out()).toEqual(['i0']);
  });

  it.each([
    ['less than four times as slow', 38, 10],
    ['four times as slow, but by 20 ms at most', 15, 2],
  ])('leaves in who is %s', (_, slow, fast) => {
    start(3, rule);
    landings('i0', slow);
    landings('i1', fast);
    landings('i2', fast);
    pass(2_000);
    expect(out()).toEqual([]);
  });

  it('minds single slow calls as little as failures', () => {
    start(3, rule);
    names.slice(0, 3).forEach((name) => landings(name, 10));
    landings('i0', 5_000, 9);
    world.land('i0', 100, 'failed', 5_000);
    pass(2_000);
    expect(out()).toEqual([]);
  });

  it('takes out nobody where too few have the volume', () => {
    start(3, rule);
    landings('i0', 100, 9);
    landings('i1', 10);
    landings('i2', 10);
    pass(2_000);
    expect(out()).toEqual([]);
  });

  it('gathers the volume over several looks of a quiet fleet', () => {
    start(3, { latency: { volume: 8 } });
    for (let look = 0; look < 4; look++) {
      landings('i0', 100, 5);
      landings('i1', 10, 5);
      landings('i2', 10, 5);
      pass(2_000);
    }
    expect(out()).toEqual(['i0']);
  });

  it('spares one that starts slowly, but not one that was out lately', () => {
    world = new World(table(3), { outlier: { ...only, ...rule } });
    world.fleet.update(endpoints(table(4)));
    const look = () => {
      landings('i3', 100);
      names.slice(0, 3).forEach((name) => landings(name, 10));
      pass(2_000);
    };
    for (let looks = 0; looks < 4; looks++) look();
    expect(out()).toEqual([]);
    look();
    expect(out()).toEqual(['i3']);
    while (out().length > 0) pass(10_000);
    look();
    expect(out()).toEqual(['i3']);
  });

  it('compares with those of its own zone where these are enough', () => {
    world = new World('a1@a a2@a a3@a b1@b b2@b b3@b', { outlier: { ...only, ...rule } });
    ['a1', 'a2', 'a3'].forEach((name) => landings(name, 5));
    ['b1', 'b2'].forEach((name) => landings(name, 80));
    landings('b3', 400);
    pass(2_000);
    expect(out()).toEqual(['b3']);
  });
});

describe('an instance that was taken out', () => {
  beforeEach(() => {
    start(3, { failurePercentage: {} });
    did('i0', 0, 100);
    pass(10_000);
  });
  /** Time until it is back. */
  const outFor = () => {
    const from = world.now;
    while (out().length > 0) pass(10_000);
    return world.now - from;
  };
  const again = () => {
    did('i0', 0, 100);
    pass(10_000);
  };

  it('gets no calls, and is back at the first interval after 30 s, without anybody sweeping', () => {
    expect(world.share(100)).toEqual({ i1: 50, i2: 50 });
    world.now += 30_000;
    expect(world.share(2)).not.toHaveProperty('i0');
    world.now += 10_000;
    world.fleet.pick(1);
    expect(world.ejections).toEqual(['i0 failure_percentage', 'i0 back']);
    expect(world.share(3)).toEqual({ i0: 1, i1: 1, i2: 1 });
  });

  it('is out longer each time, up to 300 s, and less again after intervals without', () => {
    const times = [outFor()];
    for (let time = 0; time < 10; time++) {
      again();
      times.push(outFor());
    }
    expect(times.slice(0, 3)).toEqual([40_000, 70_000, 100_000]);
    expect(times.at(-1)).toBe(310_000);
    for (let interval = 0; interval < 20; interval++) pass(10_000);
    again();
    expect(outFor()).toBe(40_000);
  });

  it('is tried again as soon as a new connection to it stands', () => {
    world.at('i0').reachable = false;
    world.at('i0').reachable = true;
    expect(out()).toEqual([]);
    expect(world.share(3)).toEqual({ i0: 1, i1: 1, i2: 1 });
  });
});

describe('the rules', () => {
  it('judge nothing that was counted more than an interval ago', () => {
    start(3, { failurePercentage: {} });
    did('i0', 0, 100);
    pass(20_000);
    expect(out()).toEqual([]);
  });

  it('take nobody out who is away anyway', () => {
    start(3, { failurePercentage: {} });
    did('i0', 0, 100);
    did('i1', 0, 90);
    world.at('i0').reachable = false;
    pass(10_000);
    expect(out()).toEqual(['i1']);
  });

  it('are all in force unless told otherwise, and none with `false`', () => {
    world = new World(table(3));
    world.land('i0', 5, 'failed');
    expect(out()).toEqual(['i0']);
    world = new World(table(3), { outlier: false });
    world.land('i0', 500, 'failed');
    pass(10_000);
    expect(out()).toEqual([]);
  });

  it('take what is given as undefined for not given', () => {
    start(3, { intervalMs: undefined as never, failurePercentage: { threshold: undefined as never } });
    did('i0', 0, 100);
    pass(10_000);
    expect(out()).toEqual(['i0']);
  });
});
