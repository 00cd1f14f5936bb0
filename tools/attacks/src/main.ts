import { parseArgs } from 'node:util';
import { attacks } from './attacks.js';
import { Copy } from './copy.js';
import { writeDocument } from './document.js';

// Shows of each attack that its test passes, and that it fails once the defence is away.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false } } });
const root = process.cwd();
const chosen = attacks.filter(({ attack }) => positionals.every((word) => attack.toLowerCase().includes(word.toLowerCase())));

if (values.write) await writeDocument(root, attacks);
else if (chosen.length === 0) throw new Error(`No attack is called so. There are: ${attacks.map(({ attack }) => attack).join('; ')}.`);
else attackAll();

function attackAll(): void {
  const copy = Copy.of(root);
  process.once('exit', () => copy.remove());
  const useless = chosen.filter(({ attack, without, test }) => {
    const [before, after] = [copy.ask(test), copy.without(without, test)];
    const held = before === 'passed' && after === 'failed';
    process.stdout.write(`${held ? 'ok  ' : 'FAIL'} ${attack}: with its defence the test ${before}, without it ${after}\n`);
    return !held;
  });
  process.stdout.write(`${chosen.length - useless.length} of ${chosen.length} attacks are stopped by what stops them\n`);
  process.exitCode = Number(useless.length > 0);
}
