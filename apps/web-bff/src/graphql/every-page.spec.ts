import { describe, expect, it } from 'vitest';
import { everyPage } from './every-page.js';

const idOf = (row: number) => String(row);

describe('everyPage', () => {
  it('goes on after the last row until there is no more', async () => {
    const asked: (string | undefined)[] = [];
    const rows = await everyPage((after) => {
      asked.push(after);
      const start = Number(after ?? 0);
      return Promise.resolve({ rows: [start + 1, start + 2], more: start < 4 });
    }, idOf);
    expect(rows).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked).toEqual([undefined, '2', '4']);
  });

  it('stops where a service says there is more and gives none', async () => {
    expect(await everyPage<number>(() => Promise.resolve({ rows: [], more: true }), idOf)).toEqual([]);
  });

  it('refuses a list without end rather than cutting it', async () => {
    await expect(everyPage(() => Promise.resolve({ rows: [1], more: true }), idOf)).rejects.toMatchObject({ code: 'query-too-costly' });
  });
});
