import type { Readable } from 'node:stream';

const longestLine = 8 * 1_048_576;

/** linesOf: the lines of a body as they come; the last one counts only where it is ended. Throws for a line of more than 8 MB. */
export async function* linesOf(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new Error('A line is longer than 8 MB');
    for (const line of lines) if (line.trim()) yield line;
  }
}
