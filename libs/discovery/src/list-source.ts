import { readFile } from 'node:fs/promises';
import type { MakeSource } from './source.js';
import { staticTable } from './static-table.js';

const prefix = 'static:@';
const intervalMs = 250;
const longestBytes = 1_048_576;

/**
 * listSource: the instances that a file names, as in `static:`, one a line or separated by commas; `#` begins a remark. It is read again four times a second,
 * so that a list can be changed without a restart; an empty file is an empty table, and one that cannot be read or understood changes nothing.
 */
export const listSource: MakeSource = (target, { table }) => {
  const path = target.slice(prefix.length);
  if (path === '') throw new Error(`The target ${target} must name a file: ${prefix}/etc/facet/rooms`);
  return {
    look: async (signal) => {
      const text = await readFile(path, { encoding: 'utf8', signal });
      if (text.length > longestBytes) throw new Error(`${path} is longer than ${longestBytes} bytes`);
      const named = text
        .split('\n')
        .flatMap((line) => line.replace(/#.*/, '').split(','))
        .map((part) => part.trim());
      const instances = named.filter((part) => part !== '');
      table.tell(instances.length === 0 ? [] : staticTable(`static:${instances.join(',')}`));
      return intervalMs;
    },
    close: () => undefined,
  };
};
