import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readContainer } from './container.js';
import { usageOf, type Usage } from './usage.js';

/** What to run. */
export interface ChildOptions {
  readonly name: string;
  /** Path of the module. */
  readonly module: string;
  /** What `settings()` gives in the child. */
  readonly settings?: object;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its standard output goes, such as an access log. Absent: nowhere. */
  readonly output?: string;
  /** As deploy/Dockerfile runs Node; else with nothing but Node's defaults. */
  readonly contained?: boolean;
}

const readyWithinMs = 30_000;
const patienceMs = 5_000;
const probe = fileURLToPath(new URL('probe.js', import.meta.url));

const running = new Set<Child>();

/** A process of the bench: started, asked, measured, stopped. */
export class Child {
  readonly name: string;
  /** Where it serves, once it says so: modules of the bench do, by `announce`. */
  readonly ready: Promise<Record<string, unknown>>;
  readonly #process: ChildProcess;
  #questions = 0;

  constructor({ name, module, settings = {}, environment = {}, output = '/dev/null', contained = false }: ChildOptions) {
    this.name = name;
    const container = contained ? readContainer() : { flags: [], environment: { NODE_ENV: 'production' } };
    const log = openSync(output, 'a');
    this.#process = fork(module, [JSON.stringify(settings)], {
      env: { ...environment, ...container.environment },
      execArgv: [...container.flags, '--import', probe],
      stdio: ['ignore', log, 'inherit', 'ipc'],
    });
    closeSync(log);
    running.add(this);
    this.ready = this.#first((message) => message['ready'] as Record<string, unknown> | undefined, readyWithinMs);
    // Who waits for it is told; an application of ours never says so.
    this.ready.catch(() => undefined);
    this.#process.once('exit', () => running.delete(this));
  }

  get pid(): number {
    return this.#process.pid!;
  }

  get usage(): Usage {
    return usageOf(this.pid);
  }

  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Answers of `onQuestion` in the child. */
  async ask<Answer>(question: string, about?: unknown): Promise<Answer> {
    const id = ++this.#questions;
    const answered = this.#first((message) => (message['id'] === id ? message : undefined), readyWithinMs);
    this.#process.send({ question, id, about });
    const { answer, failure } = await answered;
    if (failure !== undefined) throw new Error(`${this.name}: ${String(failure)}`);
    return answer as Answer;
  }

  /** Asks it to stop and resolves once it is gone. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    const force = setTimeout(() => this.#process.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(force);
  }

  /** The first message of which `pick` makes something. */
  #first<T>(pick: (message: Record<string, unknown>) => T | undefined, withinMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const child = this.#process;
      const end = (act: () => void) => {
        clearTimeout(timer);
        child.off('message', listen).off('exit', fail);
        act();
      };
      const fail = () => end(() => reject(new Error(`${this.name} ended: see above.`)));
      const listen = (message: Record<string, unknown>) => {
        const picked = pick(message);
        if (picked !== undefined) end(() => resolve(picked));
      };
      const timer = setTimeout(() => end(() => reject(new Error(`${this.name} said nothing for ${withinMs} ms.`))), withinMs);
      timer.unref();
      child.on('message', listen).once('exit', fail);
    });
  }
}

/** Ends all that still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}
