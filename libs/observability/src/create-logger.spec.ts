import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger, type Logger, type LoggerOptions } from './create-logger.js';

let lines: Record<string, unknown>[];
const loggerOf = (options: Partial<LoggerOptions> = {}): Logger =>
  createLogger({
    name: 'rooms-service',
    ...options,
    destination: new Writable({ write: (line, _, done) => (lines.push(JSON.parse(String(line))), done()) }),
  });

beforeEach(() => {
  lines = [];
});

describe('a log line', () => {
  it('is one JSON object with level, time, name and message', () => {
    loggerOf().info({ port: 5052 }, 'listening');
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), name: 'rooms-service', port: 5052, msg: 'listening' },
    ]);
  });

  it('carries no field that is not on the allow-list', () => {
    const secrets = {
      token: 't',
      password: 'p',
      authorization: 'Bearer t',
      cookie: 'c',
      text: 'a private message',
      email: 'a@example.org',
      headers: {},
    };
    loggerOf()
      .child({ requestId: 'r', ...secrets })
      .warn({ status: 200, ...secrets }, 'answered');
    expect(Object.keys(lines[0] ?? {}).sort()).toEqual(['level', 'msg', 'name', 'requestId', 'status', 'time']);
  });

  it('tells of an error its type, message and stack, and the causes', () => {
    loggerOf().error({ error: new TypeError('broken', { cause: new Error('the disk is full') }) }, 'failed');
    expect(lines[0]).toMatchObject({
      error: 'broken',
      errorType: 'TypeError',
      stack: expect.stringMatching(/TypeError: broken[^]*caused by: Error: the disk is full/),
    });
  });

  it('tells of what was thrown that is no error', () => {
    loggerOf().error({ error: 'just a text' }, 'failed');
    expect(lines[0]).toMatchObject({ error: 'just a text' });
  });

  it('below the level is not written', () => {
    const logger = loggerOf({ level: 'warn' });
    logger.info({}, 'quiet');
    expect(lines).toEqual([]);
    expect(logger.writes('info')).toBe(false);
  });
});
