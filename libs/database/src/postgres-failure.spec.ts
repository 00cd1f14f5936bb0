import { expect, test } from 'vitest';
import { failureOf } from './postgres-failure.js';

const place = { folder: '/data', port: 5433 };

test('a full disk is named with the folder, and what to do', () => {
  const output = '2026-01-01 FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device';
  expect(failureOf(output, place)).toMatchObject({
    reason: 'disk-full',
    message: 'The disk that holds /data is full. Free some space and start again.',
  });
});

test('of a long output the last complaint is quoted, in one line', () => {
  const output = 'LOG: starting\n2026-01-01 12:00 UTC [1] FATAL:  database files are incompatible with server\nDETAIL: version 17\n';
  const { reason, message } = failureOf(output, place);
  expect(reason).toBe('folder-broken');
  expect(message).toContain('(database files are incompatible with server)');
  expect(message).not.toContain('\n');
});

test('no output at all still makes a sentence', () => {
  expect(failureOf('', place).message).toContain('no reason given');
});
