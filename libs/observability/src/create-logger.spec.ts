import { spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
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

  it('bears the time at which it was written', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const logger = loggerOf();
    for (const at of ['2026-11-01T12:00:00.000Z', '2026-11-01T12:00:00.000Z', '2026-11-01T12:00:00.001Z', '2026-11-01T11:59:59.000Z']) {
      vi.setSystemTime(new Date(at));
      logger.info({}, at);
    }
    vi.useRealTimers();
    expect(lines.map(({ time }) => time)).toEqual(lines.map(({ msg }) => msg));
  });

  it('below the level is not written', () => {
    const logger = loggerOf({ level: 'warn' });
    logger.info({}, 'quiet');
    expect(lines).toEqual([]);
    expect(logger.writes('info')).toBe(false);
  });
});

describe('standard output', () => {
  const run = (...statements: string[]) => {
    const main = `import { createLogger } from '@facet/observability';
      const logger = createLogger({ name: 'rooms-service' });
      ${statements.join('\n')}`;
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', main], { cwd: import.meta.dirname });
    const written = String(stdout).split('\n').slice(0, -1);
    return { signal, words: written.map((line) => (JSON.parse(line) as { msg: string }).msg) };
  };
  const die = `process.kill(process.pid, 'SIGKILL');`;

  it('has a warning or an error before the call returns, and all that came before it', () => {
    const { signal, words } = run(
      `logger.info({}, 'one'); logger.child({ rpc: 'GetRoom' }).warn({}, 'two'); logger.info({}, 'three');`,
      die,
    );
    expect([signal, words]).toEqual(['SIGKILL', ['one', 'two']]);
    expect(run(`logger.info({}, 'one'); logger.error({}, 'two');`, die).words).toEqual(['one', 'two']);
  });

  it('has the lines of a turn once it is over', () => {
    const { words } = run(`logger.info({}, 'one'); logger.debug({}, 'no'); setImmediate(() => { logger.info({}, 'two'); ${die} });`);
    expect(words).toEqual(['one']);
  });

  it('has every line when the process exits, whichever logger wrote it and however it ends', () => {
    const others = `createLogger({ name: 'other' }).info({}, 'two');`;
    for (const end of ['process.exit(3);', `throw new Error('broken');`, '']) {
      expect(run(`logger.info({}, 'one');`, others, end).words).toEqual(['one', 'two']);
    }
  });
});
