import { expect, it } from 'vitest';
import { readable } from './log-lines.js';

it('a structured line is shown as people read it', () => {
  expect(readable('{"level":40,"time":1,"name":"x","msg":"slow","durationMs":12}')).toMatch(/^warn slow .*durationMs=12/);
});

it('any other line is shown as it is', () => {
  expect(readable('plain')).toBe('plain');
  expect(readable('{ not json')).toBe('{ not json');
});
