import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What `buf` finds wrong with the protos in `folder`: style, missing comments, and, against the image of the last release, breaking changes. */
export function protoViolations(folder: string, released: string, root = process.cwd()): string[] {
  return [...buf(root, folder, ['lint']), ...buf(root, folder, ['breaking', '--against', released])];
}

function buf(root: string, folder: string, args: string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(join(root, 'node_modules/.bin/buf'), args, { cwd: folder, encoding: 'utf8' });
  if (error) throw error;
  return status === 0 ? [] : `${stdout}${stderr}`.trim().split('\n');
}
