import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvenBy, Sabotage } from './attack.js';

/** What came of a test: it passed, it failed, or something else kept it from running. */
export type Outcome = 'passed' | 'failed' | 'did not run';

/** A built clone of the last commit, in which defences may be taken away. It shares what npm installed. */
export class Copy {
  private constructor(private readonly folder: string) {}

  static of(root: string): Copy {
    const folder = mkdtempSync(join(tmpdir(), 'facet-attacks-'));
    run('git', ['clone', '--quiet', '--local', root, folder], root);
    run('cp', ['-al', join(root, 'node_modules'), join(folder, 'node_modules')], root);
    const copy = new Copy(folder);
    run(process.execPath, ['tools/run/run.mjs', 'build'], folder);
    return copy;
  }

  /** What the test says while the defence is away; afterwards it is there again. */
  without(defence: readonly Sabotage[], test: ProvenBy): Outcome {
    const files = [...new Set(defence.map(({ file }) => file))];
    const whole = new Map(files.map((file) => [file, readFileSync(join(this.folder, file), 'utf8')]));
    try {
      for (const { file, replace, by } of defence) this.#change(file, (text) => text.replace(replace, () => by));
      this.#build(files);
      return this.ask(test);
    } finally {
      for (const [file, text] of whole) this.#change(file, () => text);
      this.#build(files);
    }
  }

  ask({ file, name }: ProvenBy): Outcome {
    const project = projectOf(file);
    const report = join(this.folder, project, 'test-results.json');
    rmSync(report, { force: true });
    const vitest = join(this.folder, 'node_modules/vitest/vitest.mjs');
    const only = ['-t', patternOf(name)];
    spawnSync(
      // The copy's own: under any other, what a journey starts would go on in a child that no signal reaches.
      join(this.folder, 'node_modules/node/bin/node'),
      [vitest, 'run', '--config', '../../vitest.config.mjs', '--root', '.', file.slice(project.length + 1), ...only],
      {
        cwd: join(this.folder, project),
        stdio: 'ignore',
      },
    );
    if (!existsSync(report)) return 'did not run';
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(report, 'utf8')) as Counts;
    if (failed > 0) return 'failed';
    return passed > 0 ? 'passed' : 'did not run';
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #change(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  /** What only types notice, such as a name that nobody uses now, is no matter here. */
  #build(files: readonly string[]): void {
    for (const project of new Set(files.map(projectOf)))
      spawnSync(process.execPath, ['../../node_modules/ts7/bin/tsc', '-b'], { cwd: join(this.folder, project), stdio: 'ignore' });
  }
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

function projectOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** Placeholders of `it.each` stand for anything. */
function patternOf(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%[sdoj]|\\\$\w+/g, '.*');
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${String(stdout)}${String(stderr)}`);
}
