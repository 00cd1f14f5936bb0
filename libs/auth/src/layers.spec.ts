import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const nestFile = /\.(module|guard|decorator)\.ts$/;

it('only files with a Nest suffix import Nest', () => {
  const plain = readdirSync(import.meta.dirname).filter((file) => !nestFile.test(file) && !file.includes('.spec.'));
  expect(plain.length).toBeGreaterThan(10);
  const offending = plain.filter((file) => /from '(@nestjs|rxjs)/.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')));
  expect(offending).toEqual([]);
});
