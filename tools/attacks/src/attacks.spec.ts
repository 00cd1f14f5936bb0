import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { attacks } from './attacks.js';
import { documentOf, read } from './document.js';

const root = join(import.meta.dirname, '../../..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

it.each(attacks.map((each) => [each.attack, each] as const))(
  'what stops "%s" is where the table says, and so is its test',
  (_, { without, test }) => {
    for (const { file, replace, by } of without) {
      expect(textOf(file).split(replace)).toHaveLength(2);
      expect(by).not.toBe(replace);
    }
    expect(textOf(test.file)).toContain(test.name);
  },
);

it('no attack is named twice', () => {
  expect(new Set(attacks.map(({ attack }) => attack)).size).toBe(attacks.length);
});

it('docs/security.md has the table as it is: npm run attacks -- --write', async () => {
  expect(read(root)).toBe(await documentOf(root, attacks));
});
