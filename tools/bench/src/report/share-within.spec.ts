import { expect, it } from 'vitest';
import { shareWithin } from './share-within.js';

const frame = (functionName: string) => ({ functionName, url: `file:///${functionName}.js`, lineNumber: 0 });
const profile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 5] },
    { id: 2, callFrame: frame('guard'), children: [3] },
    { id: 3, callFrame: frame('hash') },
    { id: 4, callFrame: frame('(idle)') },
    { id: 5, callFrame: frame('hash') },
  ],
  samples: [2, 3, 4, 5],
  timeDeltas: [10, 20, 1_000, 70],
};

it('counts what a function called for it, not what others called, nor idling', () => {
  expect(shareWithin(profile, ({ functionName }) => functionName === 'guard')).toBeCloseTo(0.3);
  expect(shareWithin(profile, ({ functionName }) => functionName === 'hash')).toBeCloseTo(0.9);
  expect(shareWithin(profile, () => false)).toBe(0);
});
