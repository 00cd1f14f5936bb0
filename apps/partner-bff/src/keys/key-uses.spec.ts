import { idOf } from '@facet/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeyUses } from './key-uses.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-01T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

it('uses are told once a minute, the last of each key, and no key that was not used', async () => {
  const report = vi.fn(async () => undefined);
  const uses = new KeyUses({ report });
  uses.onApplicationBootstrap();
  uses.note(idOf(1));
  vi.setSystemTime(Date.parse('2026-11-01T12:00:30Z'));
  for (let time = 0; time < 100; time += 1) uses.note(idOf(1));
  uses.note(idOf(2));
  await vi.advanceTimersByTimeAsync(59_999);
  expect(report).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_001);
  const usedAt = new Date('2026-11-01T12:00:30Z');
  expect(report.mock.calls).toEqual([
    [
      [
        { keyId: idOf(1), usedAt },
        { keyId: idOf(2), usedAt },
      ],
    ],
  ]);
  uses.note(idOf(3));
  await uses.beforeApplicationShutdown();
  expect(report).toHaveBeenLastCalledWith([expect.objectContaining({ keyId: idOf(3) })]);
});

it('what could not be told is told the next time, unless there is something newer, and a thousand at a time', async () => {
  const report = vi.fn(async (_told: readonly unknown[]) => undefined);
  report.mockRejectedValueOnce(new Error('away'));
  const uses = new KeyUses({ report });
  uses.note(idOf(1));
  uses.note(idOf(2));
  await uses.tell();
  vi.setSystemTime(Date.parse('2026-11-01T12:05:00Z'));
  uses.note(idOf(2));
  for (let other = 0; other < 1_500; other += 1) uses.note(`key ${other}`);
  await uses.tell();
  const told = report.mock.calls.slice(1).map(([each]) => each);
  expect(told.map((each) => each.length)).toEqual([1_000, 502]);
  expect(told.flat()).toEqual(
    expect.arrayContaining([
      { keyId: idOf(1), usedAt: new Date('2026-11-01T12:00:00Z') },
      { keyId: idOf(2), usedAt: new Date('2026-11-01T12:05:00Z') },
    ]),
  );
});
