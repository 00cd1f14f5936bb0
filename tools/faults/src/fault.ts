import { parseArgs } from 'node:util';
import { findTarget } from './catalogue.js';
import { readConfig } from './config.js';
import { readFaults, writeFaults, type Faults } from './faults-file.js';
import { readFault } from './read-fault.js';
import { runProxy } from './run-proxy.js';
import { listFaults, switchOff, switchOn } from './switch-faults.js';

// What `npm run fault` does; its help is in tools/run/commands.mjs.
try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message.split(/\n|\. To specify/)[0]}\n`);
  process.exitCode = 1;
}

async function run(args: string[]): Promise<void> {
  const options = { network: { type: 'boolean' }, direction: { type: 'string' } } as const;
  const { values: reading, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [first = 'list', ...rest] = positionals;
  if (first === 'proxy') return runProxy(rest, reading);
  const { FACET_HOME: home } = readConfig();
  const faults = readFaults(home);
  if (first === 'list') return show(faults);
  const changed =
    first === 'clear'
      ? switchOff(faults, rest[0] === undefined ? undefined : findTarget(rest[0]))
      : switchOn(faults, findTarget(first), readFault(rest, reading));
  writeFaults(home, changed);
  show(changed);
}

function show(faults: Faults): void {
  const lines = listFaults(faults);
  process.stdout.write(`${lines.length > 0 ? lines.join('\n') : 'Nothing is the matter.'}\n`);
}
