import { fork, type ChildProcess } from 'node:child_process';
import { joinLog } from './log-lines.js';

/** What to run: a module, its environment, and a place in the colours. */
export interface Program {
  readonly name: string;
  readonly index: number;
  readonly module: string;
  readonly environment: Record<string, string>;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;
/** A child that ran this long is sound again: its next restart is quick. */
const soundAfterMs = 30_000;
/** Small heaps: ten processes share this machine. */
const nodeOptions = ['--max-old-space-size=160', '--max-semi-space-size=4', '--enable-source-maps'];

/** A child process that is started again, after a growing pause, whenever it dies before it was asked to stop. */
export class Supervised {
  private child: ChildProcess | undefined;
  private pauseMs = firstPauseMs;
  private restart: NodeJS.Timeout | undefined;
  private stopping = false;
  /** How often it died so far. */
  deaths = 0;

  constructor(private readonly program: Program) {}

  get name(): string {
    return this.program.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { name, index, module, environment } = this.program;
    const startedAt = Date.now();
    const child = fork(module, [], { env: environment, execArgv: nodeOptions, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child = child;
    joinLog(name, index, child.stdout!, child.stderr!);
    child.on('exit', (code, signal) => {
      this.child = undefined;
      if (this.stopping) return;
      this.deaths += 1;
      if (Date.now() - startedAt > soundAfterMs) this.pauseMs = firstPauseMs;
      process.stdout.write(`${name} ended (${signal ?? `exit code ${code}`}); starting it again in ${this.pauseMs} ms\n`);
      this.restart = setTimeout(() => this.start(), this.pauseMs);
      this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
    });
  }

  /** Asks it to stop and resolves once it is gone; what does not go within `patienceMs` is killed. */
  async stop(patienceMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const child = this.child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(force);
  }
}
