import { watch } from 'node:fs';
import { dirname } from 'node:path';

/** Files that belong together are replaced one after the other. */
const settledMs = 100;
/** Where the file system tells nothing. */
const lookMs = 60_000;

/**
 * watchFiles: calls `look` once files have come to rest after a change in one of their folders, be it by writing, by renaming, or by a link that points
 * elsewhere, as Kubernetes changes secrets; and every minute, for file systems that do not tell. Keeps no process alive. Returns the function that ends it.
 */
export function watchFiles(paths: readonly string[], look: () => void): () => void {
  let settling: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(settling);
    settling = setTimeout(look, settledMs).unref();
  };
  const watchers = [...new Set(paths.map((path) => dirname(path)))].flatMap((folder) => {
    try {
      return [watch(folder, { persistent: false }, changed).on('error', () => undefined)];
    } catch {
      return [];
    }
  });
  const timer = setInterval(look, lookMs).unref();
  return () => {
    clearTimeout(settling);
    clearInterval(timer);
    for (const watcher of watchers) watcher.close();
  };
}
