import { brokenRules, sharedLines } from './shape-rules.js';
import { isSpec, lineCount, readSources, report } from './sources.js';

const most = 0.1;
const sources = readSources(process.cwd());
const violations = brokenRules(sources);

const bffs = ['web-bff', 'mobile-bff', 'partner-bff'];
const ownSources = (name: string) => sources.filter((source) => source.path.startsWith(`apps/${name}/src/`) && !isSpec(source));
for (const one of bffs) {
  for (const other of bffs.slice(bffs.indexOf(one) + 1)) {
    const shared = sharedLines(ownSources(one), ownSources(other));
    console.log(`${one} and ${other} share ${(shared * 100).toFixed(1)} % of their lines`);
    if (shared > most)
      violations.push(`${one} and ${other} share more than ${most * 100} % of their lines: what is the same belongs in a library`);
  }
}

const lines = sources
  .filter((source) => !isSpec(source))
  .map(({ text }) => lineCount(text))
  .sort((a, b) => a - b);
const at = (part: number) => lines[Math.min(lines.length - 1, Math.floor(lines.length * part))];
console.log(
  `${lines.length} files, ${lines.reduce((sum, each) => sum + each, 0)} lines; median ${at(0.5)}, p95 ${at(0.95)}, longest ${lines.at(-1)}`,
);
report('shape', violations);
