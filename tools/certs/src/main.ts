import { globSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeCertificates } from './make-certificates.js';

try {
  const { values } = parseArgs({
    options: {
      renew: { type: 'boolean', default: false },
      days: { type: 'string', default: '7' },
      folder: { type: 'string', default: '.facet/certs' },
    },
  });
  const days = Number(values.days);
  if (!(days > 0 && days <= 90)) throw new Error('--days takes a number of days up to 90.');
  await run(resolve(values.folder), days, values.renew);
} catch (error) {
  process.stderr.write(`${(error as Error).message.split('\n').join(' ')}\n`);
  process.exit(1);
}

async function run(folder: string, days: number, renew: boolean): Promise<void> {
  const names = [...applications(), 'importer'];
  const shown = relative(process.cwd(), folder);
  const lines: string[] = [];
  process.stdout.write(`Certificates of ${names.length} applications in ${shown} …\n`);
  const until = await makeCertificates({
    folder,
    names,
    days,
    renew,
    tell: (line) => {
      lines.push(line);
      process.stdout.write(`${line}\n`);
    },
  });
  if (lines.length === 0) process.stdout.write('  all of them are good; --renew makes new ones\n');
  process.stdout.write(`Good until ${until.toISOString()}. Who runs with them takes new ones without a restart.\n`);
  process.stdout.write('Now: npm start -- --tls, or docker compose up --build\n');
}

/** Every application of this repository. */
function applications(): string[] {
  return globSync(join('apps', '*', 'src/main.ts')).map((path) => basename(dirname(dirname(path))));
}
