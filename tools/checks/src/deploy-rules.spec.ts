import { expect, it } from 'vitest';
import { composeViolations, dockerfileViolations } from './deploy-rules.js';

it('an instruction that Docker does not know fails the check', () => {
  expect(dockerfileViolations('FROM node:24\nRUNN true\n')).toHaveLength(1);
});

it('a good Dockerfile passes', () => {
  expect(dockerfileViolations('FROM node:24\nRUN true\n')).toEqual([]);
});

it('an application without a container, and an image without a version, fail the check', () => {
  const compose = 'services:\n  a:\n    build: { args: { APP: a } }\n  b:\n    build: { args: { APP: a } }\n  db:\n    image: postgres\n';
  expect(composeViolations(compose, ['a', 'b'])).toHaveLength(2);
});
