import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A source file: its path from the root with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** All TypeScript of apps, libs and tools that people wrote. */
export function readSources(root: string): Source[] {
  return globSync('{apps,libs,tools}/*/{src,test}/**/*.ts', { cwd: root })
    .filter((path) => !path.startsWith('libs/contracts/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** How many lines a text has. */
export function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

/** Whether this is a test or serves tests alone. */
export function isSpec({ path }: Source): boolean {
  return (
    path.endsWith('.spec.ts') || path.split('/')[2] === 'test' || path.startsWith('libs/testing/') || path.startsWith('apps/system-e2e/')
  );
}

/** Prints violations, one a line, and sets the exit code. `what` names the check in the line that says all is well. */
export function report(what: string, violations: readonly string[]): void {
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exitCode = 1;
  else console.log(`${what}: no violation`);
}
