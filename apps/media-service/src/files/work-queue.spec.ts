import { expect, it } from 'vitest';
import { WorkQueue } from './work-queue.js';

it('does so much at a time, in the order of asking, and goes on after a failure', async () => {
  const queue = new WorkQueue(2);
  const begun: number[] = [];
  const release: (() => void)[] = [];
  const work = [0, 1, 2, 3].map((number) =>
    queue.run(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => release.push(resolve));
      if (number === 1) throw new Error('broken');
      return number;
    }, new AbortController().signal),
  );
  const outcomes = Promise.allSettled(work);
  expect(begun).toEqual([0, 1]);
  release[1]!();
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  release[0]!();
  await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
  release[2]!();
  release[3]!();
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});

it('who does not wait any more is not begun, and holds up nobody', async () => {
  const queue = new WorkQueue(1);
  const { signal } = new AbortController();
  let release = () => undefined as void;
  const first = queue.run(() => new Promise<void>((resolve) => (release = resolve)), signal);
  const control = new AbortController();
  const begun: string[] = [];
  const second = queue.run(async () => begun.push('second'), control.signal);
  const third = queue.run(async () => begun.push('third'), signal);
  control.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  release();
  await Promise.all([first, third]);
  expect(begun).toEqual(['third']);
  await expect(queue.run(async () => begun.push('late'), control.signal)).rejects.toThrow('gone');
});
