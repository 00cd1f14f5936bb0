import { MemoryState } from '@facet/state/memory';
import { expect, it } from 'vitest';
import { SessionIndex } from './session-index.js';

const newIndex = (now = () => 1_000_000) => new SessionIndex(new MemoryState(now), 60_000, now);

it('ending names all that began up to then, and what began later stays', async () => {
  const index = newIndex();
  await index.add('sid 1', 'a', 100);
  await index.add('sid 1', 'b', 101);
  await index.add('sid 1', 'c', 102);
  await index.add('sid 2', 'd', 100);
  expect(await index.end('sid 1', 101)).toEqual(['a', 'b']);
  expect(await index.end('sid 1', 101)).toEqual([]);
  expect(await index.end('sid 1', 200)).toEqual(['c']);
  expect(await index.end('sid 2', 200)).toEqual(['d']);
});

it('a session that was ended before it was noted does not stand', async () => {
  const index = newIndex();
  await index.end('sid 1', 101);
  expect(await index.add('sid 1', 'a', 101)).toMatchObject({ stands: false });
  expect(await index.add('sid 1', 'b', 102)).toMatchObject({ stands: true });
  expect(await index.end('sid 1', 200)).toEqual(['b']);
});

it('nothing is lost where many begin at once', async () => {
  const index = newIndex();
  await Promise.all(Array.from({ length: 15 }, (_, n) => index.add('subject 1', `key ${n}`, 100)));
  expect(await index.end('subject 1', 100)).toHaveLength(15);
});

it('of more than a hundred of one person the oldest are named, to be ended', async () => {
  const index = newIndex();
  for (let n = 0; n < 100; n += 1) expect((await index.add('subject 1', `key ${n}`, n + 1)).crowdedOut).toEqual([]);
  expect((await index.add('subject 1', 'one more', 101)).crowdedOut).toEqual(['key 0']);
});
