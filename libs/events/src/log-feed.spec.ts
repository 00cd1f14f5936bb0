import { expect, test, vi } from 'vitest';
import { LogFeed } from './log-feed.js';

/** A feed whose looks end as listed, errors as failures; the first three things that its pulse was told. */
async function toldAfter(...looks: readonly ('seen' | Error)[]): Promise<readonly string[]> {
  const told: string[] = [];
  const left = [...looks];
  const over = Promise.withResolvers<void>();
  const work = async () => {
    const look = left.shift();
    if (look === undefined) over.resolve();
    if (look instanceof Error) throw look;
    return false;
  };
  const feed = new LogFeed({
    topic: 'facet.rooms.v1',
    wakeUps: { version: () => 0, after: async () => undefined, call: vi.fn(), lock: vi.fn(), unlock: vi.fn() },
    report: vi.fn(),
    pulse: { heard: () => void told.push('heard'), failed: (error) => void told.push(String(error)) },
    work,
  });
  await over.promise;
  await feed.stop();
  return told.slice(0, 3);
}

test('one look that fails, as on a connection that was lost, blinds nobody', async () => {
  expect(await toldAfter('seen', new Error('terminated'), 'seen')).toEqual(['heard', 'heard', 'heard']);
});

test('the second look in a row that fails is told', async () => {
  expect(await toldAfter('seen', new Error('terminated'), new Error('refused'), 'seen')).toEqual(['heard', 'Error: refused', 'heard']);
});
