import { describe, expect, it } from 'vitest';
import { FixedWindows } from './fixed-windows.js';

describe('a window', () => {
  it('admits exactly its limit, and again once it is over', async () => {
    let now = 1_000;
    const windows = new FixedWindows(() => now);
    const blocked = async () => (await windows.increment('a', 60_000, 2)).isBlocked;
    expect([await blocked(), await blocked(), await blocked()]).toEqual([false, false, true]);
    now += 59_999;
    expect(await blocked()).toBe(true);
    now += 1;
    expect(await blocked()).toBe(false);
  });
  it('says the time to its end, never earlier than the truth', async () => {
    let now = 0;
    const windows = new FixedWindows(() => now);
    expect(await windows.increment('a', 60_000, 1)).toEqual({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
    now = 58_500;
    expect(await windows.increment('a', 60_000, 1)).toEqual({ totalHits: 2, timeToExpire: 2, isBlocked: true, timeToBlockExpire: 2 });
  });
  it('counts each key apart', async () => {
    const windows = new FixedWindows(() => 0);
    await windows.increment('a', 60_000, 1);
    expect((await windows.increment('b', 60_000, 1)).totalHits).toBe(1);
  });
  it('lets 50 at once through as 5 where the limit is 5', async () => {
    const windows = new FixedWindows(() => 0);
    const counts = await Promise.all(Array.from({ length: 50 }, () => windows.increment('a', 60_000, 5)));
    expect(counts.filter(({ isBlocked }) => !isBlocked)).toHaveLength(5);
  });
  it('is forgotten after its end, and never are there more than 200,000', async () => {
    let now = 0;
    const windows = new FixedWindows(() => now);
    for (let i = 0; i < 200_100; i += 1) await windows.increment(`k${i}`, 60_000, 1);
    expect(windows.size).toBe(200_000);
    now = 120_000;
    await windows.increment('new', 60_000, 1);
    expect(windows.size).toBe(1);
  });
});
