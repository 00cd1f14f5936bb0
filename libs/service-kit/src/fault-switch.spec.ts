import { Ending } from '@facet/context';
import { GrpcStatus, problems } from '@facet/errors';
import { silentLogger } from '@facet/observability';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FaultSwitch, faultSwitchOf } from './fault-switch.js';

afterEach(() => vi.useRealTimers());

const switchWith = (faults: Parameters<FaultSwitch['set']>[0], options: { now?: () => number; random?: () => number } = {}) => {
  const made = new FaultSwitch({ name: 'presence-service', ...options });
  made.set(faults);
  return made;
};

describe('a switch', () => {
  it("tells a method's own fault before that of its service, and none of other services", () => {
    const faults = switchWith({
      'presence-service': { kind: 'garbage' },
      'presence-service/CountOnline': { kind: 'slow', delayMs: 5 },
      'rooms-service': { kind: 'garbage' },
    });
    expect(faults.faultOf('CountOnline')).toEqual({ kind: 'slow', delayMs: 5 });
    expect([faults.garbles('CountOnline'), faults.garbles('Heartbeat')]).toEqual([false, true]);
    faults.set({ 'rooms-service': { kind: 'garbage' } });
    expect(faults.faultOf('Heartbeat')).toBeUndefined();
  });

  it('flaps: away first, then well, from when it was switched on', () => {
    let now = 12_345;
    const faults = switchWith({ 'presence-service': { kind: 'flapping', everyMs: 500 } }, { now: () => now });
    const seen = [0, 499, 500, 999, 1_000].map((ms) => {
      now = 12_345 + ms;
      return faults.faultOf('Heartbeat')?.kind;
    });
    expect(seen).toEqual(['failing', 'failing', undefined, undefined, 'failing']);
  });

  it('fails a call with the problem that it was told', async () => {
    const faults = switchWith({ 'presence-service': { kind: 'failing', problem: 'quota-exceeded' } });
    const failure = await faults.endure('Heartbeat', new Ending()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'quota-exceeded' });
    expect(problems['dependency-unavailable'].grpc).toBe(GrpcStatus.UNAVAILABLE);
  });

  it.each([
    [0, 600],
    [0.5, 800],
    [0.75, 900],
  ])('with luck %d, 800 ms ± 200 ms are %d ms', async (luck, expected) => {
    vi.useFakeTimers();
    const faults = switchWith({ 'presence-service': { kind: 'slow', delayMs: 800, jitterMs: 200 } }, { random: () => luck });
    const done = vi.fn();
    void faults.endure('Heartbeat', new Ending()).then(done);
    await vi.advanceTimersByTimeAsync(expected - 1);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalled();
  });

  it('holds nobody who does not wait any more', async () => {
    vi.useFakeTimers();
    const ending = new Ending();
    const held = switchWith({ 'presence-service': { kind: 'slow', delayMs: 60_000 } }).endure('Heartbeat', ending);
    ending.end(new Error('gone'));
    await expect(held).rejects.toThrow('gone');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the switch of an application', () => {
  const app = { name: 'presence-service', logger: silentLogger };

  it('does not exist in production, and the file is not even asked for', () => {
    const fileOf = vi.fn(() => '/somewhere/faults.json');
    expect(faultSwitchOf({ ...app, development: false }, fileOf)).toBeUndefined();
    expect(fileOf).not.toHaveBeenCalled();
  });

  it('does not exist in development where no file is named', () => {
    expect(faultSwitchOf({ ...app, development: true }, () => undefined)).toBeUndefined();
  });

  it('says once that its folder is away, and is without faults', () => {
    const warn = vi.fn();
    const logger = { ...silentLogger, warn };
    const { faults, close } = faultSwitchOf({ ...app, logger, development: true }, () => '/nowhere/at/all/faults.json')!;
    close();
    expect(faults.faultOf('Heartbeat')).toBeUndefined();
    expect(warn.mock.calls.map(([, line]) => line as string)).toEqual([
      expect.stringContaining('/nowhere/at/all/faults.json is not followed'),
    ]);
  });
});
