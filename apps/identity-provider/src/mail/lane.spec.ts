import { expect, it } from 'vitest';
import { Lane } from './lane.js';

const laneOver = (waiting: number[], done: number[], most: number, before: (each: number) => Promise<void> = async () => {}) =>
  new Lane(
    async () => {
      const each = waiting.shift();
      if (each === undefined) return false;
      await before(each);
      done.push(each);
      return true;
    },
    () => {},
    most,
  );

it('what waits is done by the time it has run, and by no more than so many at once', async () => {
  let [now, most] = [0, 0];
  const done: number[] = [];
  const lane = laneOver([1, 2, 3, 4, 5, 6, 7], done, 3, async () => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  });
  await Promise.all([lane.run(), lane.run(), lane.run(), lane.run(), lane.run()]);
  expect([done.length, most]).toEqual([7, 3]);
});

it('one that takes long keeps the others from nothing', async () => {
  const slow = Promise.withResolvers<void>();
  const [waiting, done] = [[1], [] as number[]];
  const lane = laneOver(waiting, done, 2, (each) => (each === 1 ? slow.promise : Promise.resolve()));
  const first = lane.run();
  waiting.push(2);
  const second = lane.run();
  await expect.poll(() => done).toEqual([2]);
  slow.resolve();
  await Promise.all([first, second]);
  expect(done).toEqual([2, 1]);
});

it('what is asked for while it is about to rest is done too', async () => {
  const [waiting, done] = [[] as number[], [] as number[]];
  let late = true;
  const lane: Lane = new Lane(
    async () => {
      const each = waiting.shift();
      if (each !== undefined) return done.push(each) > 0;
      if (late) {
        late = false;
        waiting.push(1);
        void lane.run();
      }
      return false;
    },
    () => {},
    1,
  );
  await lane.run();
  expect(done).toEqual([1]);
});

it('a failure is reported, and ends nothing for good', async () => {
  const problems: unknown[] = [];
  let fails = true;
  const lane = new Lane(
    () => (fails ? Promise.reject(new Error('no database')) : Promise.resolve(false)),
    (error) => problems.push(error),
  );
  await lane.run();
  fails = false;
  await lane.run();
  expect(problems).toEqual([new Error('no database')]);
});
