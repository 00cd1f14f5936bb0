import { expect, it } from 'vitest';
import { readChoices } from './config.js';

it('everything is started unless told otherwise', () => {
  expect(readChoices([], {}).chosen).toHaveLength(10);
  expect(readChoices(['--without', 'presence-service'], {}).chosen).toHaveLength(9);
  expect(readChoices(['--only', 'users-service,rooms-service'], {}).chosen).toEqual(['users-service', 'rooms-service']);
});

it('an unknown application or option is refused with what there is', () => {
  expect(() => readChoices(['--without', 'prescence'], {})).toThrow('There is no application prescence. There are: identity-provider');
  expect(() => readChoices(['--verbose'], {})).toThrow("Unknown option '--verbose'");
});

it('a child inherits nothing of the environment but what it needs to run', () => {
  const { inherited } = readChoices([], { PATH: '/bin', AWS_SECRET_ACCESS_KEY: 'secret' });
  expect(inherited['PATH']).toBe('/bin');
  expect(JSON.stringify(inherited)).not.toContain('secret');
});

it('TLS between our own applications is asked for', () => {
  expect([readChoices([], {}).tls, readChoices(['--tls'], {}).tls]).toEqual([false, true]);
});
