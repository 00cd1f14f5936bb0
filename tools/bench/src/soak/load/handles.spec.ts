import { expect, it } from 'vitest';
import { moreHandles, settled } from './handles.js';

it('handles that are more count, those that are fewer do not make up for them', () => {
  expect(moreHandles({ Timeout: 2, TCPSocketWrap: 4 }, { Timeout: 3, TCPSocketWrap: 1, PipeWrap: 2 })).toBe(3);
  expect(moreHandles({ Timeout: 2 }, { Timeout: 2 })).toBe(0);
});

it('what comes and goes is not there all the time', async () => {
  const looks: Record<string, number>[] = [
    { Timeout: 3, TCPSocketWrap: 1 },
    { Timeout: 2 },
    ...Array.from({ length: 8 }, () => ({ Timeout: 4, TCPSocketWrap: 1 })),
  ];
  await expect(
    settled(
      async () => looks.shift()!,
      async () => undefined,
    ),
  ).resolves.toEqual({ Timeout: 2, TCPSocketWrap: 0 });
});
