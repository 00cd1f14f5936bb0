import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.js';

const policy = { failureRatio: 0.5, minimumItems: 20, windowMs: 10_000, openMs: 1_000, mostOpenMs: 30_000, probes: 1 };

let now: number;
let changes: BreakerState[];
let breaker: CircuitBreaker;
const breakerWith = (differs: Partial<typeof policy> = {}) => {
  const made = new CircuitBreaker({ ...policy, ...differs }, () => now);
  made.onChange = (state) => changes.push(state);
  return made;
};

beforeEach(() => {
  now = 1_000_000;
  changes = [];
  breaker = breakerWith();
});

/** An RPC of so many items that leaves and lands at once. */
const rpc = (succeeded: number, failed: number) => breaker.landed(succeeded, failed, breaker.departed());

describe('a closed breaker', () => {
  it('admits and stays closed while fewer than the minimum of items are known, even if all fail', () => {
    rpc(0, 19);
    expect(breaker.state).toBe('closed');
    expect(breaker.admits()).toBe(true);
    expect(changes).toEqual([]);
  });

  it('opens at the minimum of items when the ratio is reached exactly, and says so once', () => {
    rpc(10, 9);
    rpc(0, 1);
    expect(breaker.state).toBe('open');
    expect(breaker.admits()).toBe(false);
    expect(changes).toEqual(['open']);
  });

  it('opens on no success, though only with it there is enough to judge by', () => {
    rpc(0, 19);
    rpc(1, 0);
    expect(breaker.state).toBe('closed');
    rpc(0, 1);
    expect(breaker.state).toBe('open');
  });

  it('stays closed just below the ratio', () => {
    rpc(11, 10);
    expect(breaker.state).toBe('closed');
  });

  it('counts items, not RPCs', () => {
    for (let single = 0; single < 15; single++) rpc(0, 1);
    rpc(400, 0);
    expect(breaker.state).toBe('closed');
    rpc(0, 385);
    expect(breaker.state).toBe('open');
  });

  it('counts only what landed within the window', () => {
    rpc(0, 19);
    now += 10_000;
    rpc(0, 1);
    expect(breaker.state).toBe('closed');
    rpc(0, 18);
    expect(breaker.state).toBe('closed');
    now += 9_000;
    rpc(0, 1);
    expect(breaker.state).toBe('open');
  });

  it('hears nothing of RPCs whose callers hung up', () => {
    for (let times = 0; times < 100; times++) breaker.left(breaker.departed());
    rpc(0, 0);
    expect(breaker.state).toBe('closed');
    rpc(10, 9);
    expect(breaker.state).toBe('closed');
    expect(breaker.admits()).toBe(true);
  });

  it('admits any number of RPCs at a time', () => {
    for (let times = 0; times < 100; times++) breaker.departed();
    expect(breaker.admits()).toBe(true);
  });

  it('tells the time by the clock of the process unless given another', () => {
    breaker = new CircuitBreaker({ ...policy, openMs: 600_000, mostOpenMs: 600_000 });
    rpc(0, 20);
    expect(breaker.state).toBe('open');
    breaker = new CircuitBreaker({ ...policy, openMs: 0 });
    rpc(0, 20);
    expect(breaker.state).toBe('half_open');
  });
});

describe('an open breaker', () => {
  beforeEach(() => rpc(0, 20));

  it('admits nothing for its time, then is half open', () => {
    now += 999;
    expect(breaker.admits()).toBe(false);
    expect(breaker.state).toBe('open');
    now += 1;
    expect(breaker.admits()).toBe(true);
    expect(breaker.state).toBe('half_open');
    expect(changes).toEqual(['open', 'half_open']);
  });

  it('hears nothing of RPCs that land meanwhile', () => {
    breaker.landed(100, 0);
    breaker.landed(0, 100);
    breaker.left();
    expect(changes).toEqual(['open']);
    now += 1_000;
    breaker.landed(0, 100);
    expect(breaker.state).toBe('half_open');
  });

  it('is half open at once where the clock was set back to before it opened', () => {
    now -= 1;
    expect(breaker.state).toBe('half_open');
  });

  it('is open at the very moment it opened', () => expect(breaker.state).toBe('open'));
});

describe('a half-open breaker', () => {
  beforeEach(() => {
    rpc(0, 20);
    now += 1_000;
  });

  it('admits calls until its one probe has left', () => {
    expect([breaker.admits(), breaker.admits()]).toEqual([true, true]);
    breaker.departed();
    expect(breaker.admits()).toBe(false);
    expect(breaker.state).toBe('half_open');
  });

  it('closes with a probe that succeeds, and has forgotten the failures', () => {
    rpc(1, 0);
    expect(breaker.state).toBe('closed');
    expect(changes).toEqual(['open', 'half_open', 'closed']);
    rpc(0, 19);
    expect(breaker.state).toBe('closed');
    rpc(0, 1);
    expect(breaker.state).toBe('open');
  });

  it('opens again with a probe that fails, by however few items', () => {
    rpc(0, 1);
    expect(breaker.state).toBe('open');
    expect(breaker.admits()).toBe(false);
    expect(changes).toEqual(['open', 'half_open', 'open']);
  });

  it.each([
    [10, 9, 'closed'],
    [10, 10, 'open'],
  ] as const)('takes a probe of %i good and %i bad items by the same ratio: %s', (succeeded, failed, state) => {
    rpc(succeeded, failed);
    expect(breaker.state).toBe(state);
  });

  it('frees the probe whose callers hung up', () => {
    const era = breaker.departed();
    breaker.left(era);
    expect(breaker.admits()).toBe(true);
    expect(breaker.state).toBe('half_open');
    breaker.departed();
    expect(breaker.admits()).toBe(false);
    breaker.landed(0, 0);
    expect(breaker.admits()).toBe(true);
    breaker.left();
    breaker.departed();
    expect(breaker.admits()).toBe(false);
  });

  it('takes no RPC that left before it opened for a probe', () => {
    breaker = breakerWith();
    const [early, late, third] = [breaker.departed(), breaker.departed(), breaker.departed()];
    rpc(0, 20);
    now += 1_000;
    const probe = breaker.departed();
    breaker.landed(5, 0, early);
    breaker.landed(0, 5, late);
    breaker.left(third);
    expect(breaker.state).toBe('half_open');
    expect(breaker.admits()).toBe(false);
    breaker.landed(1, 0, probe);
    expect(breaker.state).toBe('closed');
  });

  it('lets as many probes out at a time as told; the first outcome decides', () => {
    breaker = breakerWith({ probes: 2 });
    rpc(0, 20);
    now += 1_000;
    const first = breaker.departed();
    expect(breaker.admits()).toBe(true);
    const second = breaker.departed();
    expect(breaker.admits()).toBe(false);
    breaker.landed(1, 0, first);
    breaker.landed(0, 50, second);
    expect(breaker.state).toBe('closed');
  });

  it('has all its probes again each time it is half open', () => {
    breaker.departed();
    breaker.landed(0, 1);
    now += 2_000;
    expect(breaker.admits()).toBe(true);
  });

  it('judges an RPC without an era as of now', () => {
    breaker.departed();
    breaker.landed(1, 0);
    expect(breaker.state).toBe('closed');
  });
});

describe('the time that a breaker stays open', () => {
  /** Milliseconds until it is half open. */
  const openFor = () => {
    const from = now;
    while (breaker.state === 'open') now += 500;
    return now - from;
  };

  it('doubles with each failed probe up to its bound, and begins anew after it has closed', () => {
    rpc(0, 20);
    const times = Array.from({ length: 7 }, () => {
      const ms = openFor();
      rpc(0, 1);
      return ms;
    });
    expect(times).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    openFor();
    rpc(1, 0);
    rpc(0, 20);
    expect(openFor()).toBe(1_000);
  });
});

describe('a breaker, whatever happens', () => {
  it('is never open without enough failures, lets no more probes out than told, and is admitted to again in time', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('depart' as const) }),
      fc.record({ do: fc.constant('land' as const), which: fc.nat(5), succeeded: fc.nat(15), failed: fc.nat(15) }),
      fc.record({ do: fc.constant('leave' as const), which: fc.nat(5) }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        changes = [];
        breaker = breakerWith({ probes: 2 });
        const out: { era: number; probing: boolean }[] = [];
        let failures = 0;
        for (const next of steps) {
          if (next.do === 'wait') now += next.ms;
          else if (next.do === 'depart') {
            if (breaker.admits()) out.push({ probing: breaker.state === 'half_open', era: breaker.departed() });
          } else {
            const [ended] = out.splice(next.which % Math.max(1, out.length), 1);
            if (!ended) continue;
            if (next.do === 'land') failures += next.failed;
            if (next.do === 'land') breaker.landed(next.succeeded, next.failed, ended.era);
            else breaker.left(ended.era);
          }
          const era = Math.max(0, ...out.map((one) => one.era));
          expect(out.filter((one) => one.probing && one.era === era).length).toBeLessThanOrEqual(2);
          if (failures < 10) expect(changes).toEqual([]);
        }
        now += 30_000;
        out.forEach(({ era }) => breaker.left(era));
        expect(breaker.admits()).toBe(true);
      }),
    );
  });
});
