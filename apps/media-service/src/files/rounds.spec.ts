import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Rounds } from './rounds.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('goes round at the start, then each time the pause is over, and sooner where somebody asks', async () => {
  const round = vi.fn(async () => undefined);
  const rounds = new Rounds(round, { everyMs: 60_000, failed: vi.fn() });
  rounds.start();
  await vi.advanceTimersByTimeAsync(59_999);
  expect(round).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(round).toHaveBeenCalledTimes(2);
  rounds.soon();
  rounds.soon();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(round).toHaveBeenCalledTimes(3);
  await rounds.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(round).toHaveBeenCalledTimes(3);
});

it('never goes two rounds at once, and waits for the last one', async () => {
  let under = 0;
  let most = 0;
  const rounds = new Rounds(
    async () => {
      most = Math.max(most, (under += 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      under -= 1;
    },
    { everyMs: 60_000, failed: vi.fn() },
  );
  const both = Promise.all([rounds.run(), rounds.run(), rounds.run()]);
  await vi.advanceTimersByTimeAsync(500);
  await both;
  expect(most).toBe(1);
});

it('who asks never puts off a round, and is not forgotten where one is under way', async () => {
  const round = vi.fn(async () => new Promise<void>((resolve) => setTimeout(resolve, 300)));
  const rounds = new Rounds(round, { everyMs: 60_000, failed: vi.fn() });
  rounds.soon();
  await vi.advanceTimersByTimeAsync(400);
  rounds.soon();
  await vi.advanceTimersByTimeAsync(100);
  expect(round).toHaveBeenCalledTimes(1);
  rounds.soon();
  await vi.advanceTimersByTimeAsync(900);
  expect(round).toHaveBeenCalledTimes(2);
  await rounds.stop();
});

it('a round that fails is told, and the next one comes', async () => {
  const failed = vi.fn();
  const round = vi.fn().mockRejectedValueOnce(new Error('disk'));
  const rounds = new Rounds(round, { everyMs: 1_000, failed });
  await rounds.run();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([failed.mock.calls.length, round.mock.calls.length]).toEqual([1, 2]);
  await rounds.stop();
});
