import { matchesGlob } from 'node:path';
import type { Source } from './sources.js';

/** What an image has no place for: endpoints and credentials of development, and what serves tests. */
const forbidden = ['apps/*/dist/dev/**', 'apps/*/src/**', 'libs/testing/**'];

/** The built files that the last stage of a Dockerfile holds: those of the folders that it copies, less those that `RUN rm -rf` of the stage before took away. */
export function imageFiles(dockerfile: string, built: readonly string[]): string[] {
  const removed = [...dockerfile.matchAll(/\brm -rf ((?:(?:apps|libs|tools)\/[\w*/.-]+ ?)+)/g)].flatMap(([, globs]) =>
    globs!.trim().split(' '),
  );
  const sources = /find apps libs tools -name src -type d -prune -exec rm -rf \{\} \+/.test(dockerfile) ? ['{apps,libs,tools}/*/src'] : [];
  const copied = [...dockerfile.matchAll(/^COPY --from=\S+ \/facet\/(\S+?)\/? /gm)].map(([, path]) => path!.replace('${APP}', '*'));
  return built.filter((path) => copied.some((folder) => isIn(path, folder)) && ![...removed, ...sources].some((glob) => isIn(path, glob)));
}

/** Files of an image that have no place in it. */
export function imageViolations(dockerfile: string, built: readonly string[]): string[] {
  return imageFiles(dockerfile, built)
    .filter((path) => forbidden.some((glob) => matchesGlob(path, glob)))
    .map((path) => `Dockerfile: ${path} is in the image`);
}

/** Imports by which production would need what is not in its image: a folder `dev` of an application is imported by itself, or while running (`await import`). */
export function developmentImportViolations(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => /^apps\/[^/]+\/src\/(?!dev\/)/.test(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => /\bfrom '(?:\.\.?\/)+dev\//.test(line) && !/^\s*import type\b/.test(line))
        .map((line) => `${path}: imports what images do not hold: ${line.trim()}`),
    );
}

function isIn(path: string, folder: string): boolean {
  return matchesGlob(path, folder) || matchesGlob(path, `${folder}/**`);
}
