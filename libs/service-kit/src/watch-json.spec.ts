import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { watchJson } from './watch-json.js';

let folder: string;
let path: string;
let close = () => {};
const heard: unknown[] = [];
const reports: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-watch-'));
  path = join(folder, 'file.json');
  heard.length = reports.length = 0;
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true });
});

const follow = () =>
  (close = watchJson({
    path,
    schema: z.object({ n: z.number() }),
    changed: (content) => heard.push(content?.n),
    report: (line) => reports.push(line),
  }));
const write = (text: string) => {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
};
const until = (look: () => void) => vi.waitFor(look, 5_000);

it('a file is heard at once, each time that it is replaced, and when it goes', async () => {
  write('{"n":1}');
  follow();
  expect(heard).toEqual([1]);
  write('{"n":2}');
  await until(() => expect(heard).toEqual([1, 2]));
  rmSync(path);
  await until(() => expect(heard).toEqual([1, 2, undefined]));
});

it('bad content is reported once and ignored', async () => {
  follow();
  expect(heard).toEqual([undefined]);
  write('{"n":"x"}');
  await until(() => expect(reports).toHaveLength(1));
  expect(reports[0]).toContain('file.json is ignored: n: ');
  write('{"n":"x"}');
  write('{"n":3}');
  await until(() => expect(heard).toEqual([undefined, 3]));
  expect(reports).toHaveLength(1);
});
