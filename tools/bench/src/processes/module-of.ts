import { fileURLToPath } from 'node:url';

/** The root folder of the repository. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The path of a module of the bench: `gateways/bare`. */
export function moduleOf(name: string): string {
  return fileURLToPath(new URL(`../${name}.js`, import.meta.url));
}

/** The path of an application's main module. */
export function applicationOf(name: string): string {
  return `${root}apps/${name}/dist/main.js`;
}
