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
    }),
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
