import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { styleText } from 'node:util';

type Colour = Parameters<typeof styleText>[0];

const colours: Colour[] = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'redBright', 'cyanBright', 'magentaBright', 'yellowBright'];
const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const unseen = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'service']);

/** Prints what a child says, a line at a time, each with the child's name in a colour of its own. */
export function joinLog(name: string, index: number, ...streams: Readable[]): void {
  const label = styleText(colours[index % colours.length]!, name.padEnd(22));
  for (const stream of streams)
    createInterface({ input: stream }).on('line', (line) => process.stdout.write(`${label} ${readable(line)}\n`));
}

/** A structured line as people read it; any other line as it is. */
export function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const fields = Object.entries(entry)
      .filter(([key]) => !unseen.has(key))
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return [levels[entry['level'] as number] ?? entry['level'], entry['msg'], styleText('dim', fields.join(' '))].filter(Boolean).join(' ');
  } catch {
    return line;
  }
}
