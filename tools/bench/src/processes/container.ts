import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './module-of.js';

/** How Node runs in a container of ours. */
export interface Container {
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What deploy/Dockerfile says, so that what is measured is what is deployed. */
export function readContainer(): Container {
  return containerOf(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'));
}

/** The flags of the last command, and what of the last stage's environment concerns Node and its memory. */
export function containerOf(dockerfile: string): Container {
  const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const command = /^CMD .*\bexec node((?: --\S+)*) apps\//m.exec(stage);
  if (!command) throw new Error('deploy/Dockerfile has no command that we understand.');
  const environment = [...stage.matchAll(/\b(MALLOC_\w+|UV_\w+|NODE_ENV)=(\S+)/g)].map(([, name, value]) => [name, value]);
  return { flags: command[1]!.split(' ').filter(Boolean), environment: Object.fromEntries(environment) };
}
