import { expect, it } from 'vitest';
import { progress } from './progress.js';

function writing(isTTY: boolean) {
  const written: string[] = [];
  const out = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  return { written, out };
}

it('in a log, a line comes at most every ten seconds', () => {
  const { written, out } = writing(false);
  let now = 0;
  const line = progress('load', out, () => now);
  for (const at of [0, 9_999, 10_000, 15_000]) {
    now = at;
    line.say(`at ${at}`);
  }
  line.end();
  expect(written).toEqual(['load: at 0\n', 'load: at 10000\n']);
});

it('on a terminal the line changes, and is gone at the end', () => {
  const { written, out } = writing(true);
  const line = progress('load', out);
  line.say('1 of 2');
  line.say('2 of 2');
  line.end();
  expect(written).toEqual(['\r\u001b[Kload: 1 of 2', '\r\u001b[Kload: 2 of 2', '\r\u001b[K']);
});
