import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';

/** JsonWatch: what to do with a file's content, and with whatever is wrong with it. */
export interface JsonWatch<Schema extends z.ZodType> {
  readonly path: string;
  readonly schema: Schema;
  /** The content, at once and after each change; undefined while there is no file. */
  readonly changed: (content: z.output<Schema> | undefined) => void;
  /** One line for content that is not understood, once; what was understood before stays as it is. */
  readonly report: (line: string) => void;
}

/** watchJson: follows a small file that is replaced as a whole, as `renameSync` does. The watch does not keep a process alive. Returns the function that ends it. */
export function watchJson<Schema extends z.ZodType>({ path, schema, changed, report }: JsonWatch<Schema>): () => void {
  let last: string | undefined;
  const read = () => {
    const text = textOf(path);
    if (text === last && last !== undefined) return;
    last = text;
    if (text === undefined) return changed(undefined);
    const parsed = schema.safeParse(valueOf(text));
    if (parsed.success) changed(parsed.data);
    else
      report(`${path} is ignored: ${parsed.error.issues.map((issue) => `${issue.path.join('.') || 'all'}: ${issue.message}`).join('; ')}`);
  };
  let watcher: FSWatcher | undefined;
  try {
    // Its folder, since a file that is replaced is another file.
    watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path)) read();
    });
    watcher.on('error', (error) => report(`${path} is not followed: ${error.message}`));
  } catch (error) {
    report(`${path} is not followed: ${(error as Error).message}`);
  }
  read();
  return () => watcher?.close();
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
