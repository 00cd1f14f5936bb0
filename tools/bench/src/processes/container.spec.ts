import { describe, expect, it } from 'vitest';
import { containerOf, readContainer } from './container.js';

describe('a container', () => {
  it('is the last stage of the Dockerfile', () => {
    const dockerfile = [
      'FROM node AS build',
      'ENV NODE_ENV=test MALLOC_ARENA_MAX=9',
      'FROM node:24-slim',
      'ENV NODE_ENV=production HOST=0.0.0.0 MALLOC_ARENA_MAX=2',
      'CMD ["sh", "-c", "exec node --enable-source-maps --max-semi-space-size=4 apps/$APP/dist/main.js"]',
    ].join('\n');
    expect(containerOf(dockerfile)).toEqual({
      flags: ['--enable-source-maps', '--max-semi-space-size=4'],
      environment: { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' },
    });
    expect(() => containerOf('FROM scratch')).toThrow('no command');
  });

  it('is found in our own', () => {
    expect(readContainer().environment).toMatchObject({ NODE_ENV: 'production' });
  });
});
