import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

interface Line {
  readonly level: string;
  readonly msg: string;
}

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

/** A process of its own, from the built library: what it logs, and how it ends. */
function run(...args: string[]) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('tiny-process.ts', import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: Line[] = [];
  const started = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const parsed = JSON.parse(line) as Line;
    lines.push(parsed);
    if (parsed.msg.includes('serves')) started.resolve();
  });
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, lines, complaints }));
  return { child, started: started.promise, ended };
}

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('that is told to stop by %s stops, with exit code 0', async (signal) => {
    const { child, started, ended } = run('serve');
    await started;
    child.kill(signal);
    await expect(ended).resolves.toMatchObject({ code: 0, complaints: '' });
  });

  it('that takes too long to stop is ended, with exit code 1', async () => {
    const { child, started, ended } = run('hang');
    await started;
    child.kill('SIGTERM');
    const { code, lines } = await ended;
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', msg: 'Stopping took too long; the process ends' });
  });

  it('that cannot start says why in one line, with exit code 1', async () => {
    const { code, lines, complaints } = await run('fail').ended;
    expect({ code, complaints }).toEqual({ code: 1, complaints: '' });
    expect(lines.map(({ msg }) => msg)).toEqual(['tiny-service did not start: The database is away.']);
  });

  it('whose port is in use says so in one line, with exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, lines, complaints } = await run('serve', String(port)).ended;
    other.close();
    expect({ code, complaints }).toEqual({ code: 1, complaints: '' });
    expect(lines.map(({ msg }) => msg)).toEqual([
      `tiny-service did not start: Port ${port} is in use. Stop what listens there or configure another port.`,
    ]);
  });

  it('with an error that nobody caught logs it and ends, with exit code 1', async () => {
    const { code, lines } = await run('throw').ended;
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', msg: 'An error was not caught; the process ends', error: 'nobody caught it' });
  });
});
