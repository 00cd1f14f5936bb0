import { isSpec, lineCount, type Source } from './sources.js';

const suffixes = [
  'controller',
  'module',
  'guard',
  'interceptor',
  'filter',
  'pipe',
  'decorator',
  'resolver',
  'gateway',
  'view',
  'fixtures',
  'errors',
];
const fileName = new RegExp(`^[a-z0-9]+(-[a-z0-9]+)*([.](${suffixes.join('|')}))?([.](in[.])?spec)?[.]ts$`);
/** Libraries whose very subject is to host Nest. */
const nestHosts = ['libs/edge/', 'libs/service-kit/'];

type Rule = (source: Source) => string | undefined;

/** Rules of house-style.md that one file keeps or breaks by itself. Sizes of functions and complexity are ESLint's. */
export const rules: Record<string, Rule> = {
  'a file has at most 300 lines, a spec 500': (source) => {
    const lines = lineCount(source.text);
    return lines > (isSpec(source) ? 500 : 300) ? `${lines} lines` : undefined;
  },
  'main.ts has at most 15 lines, app.module.ts 40': ({ path, text }) => {
    const most = /^apps\/[^/]+\/src\/main\.ts$/.test(path) ? 15 : /^apps\/[^/]+\/src\/app\.module\.ts$/.test(path) ? 40 : Infinity;
    return lineCount(text) > most ? `${lineCount(text)} lines` : undefined;
  },
  'file names are kebab-case with an allowed suffix': ({ path }) => {
    const name = path.split('/').at(-1)!;
    return fileName.test(name) ? undefined : name;
  },
  'no inheritance in apps, save of Error': ({ path, text }) =>
    path.startsWith('apps/') ? /class \w+(?:<[^>]*>)? extends (?!Error\b)\w+/.exec(text)?.[0] : undefined,
  'nobody imports the index of their own library': ({ text }) => /from '(?:\.\.?\/)+index\.js'/.exec(text)?.[0],
  'no test is skipped, focused or empty': ({ path, text }) =>
    path.endsWith('.spec.ts') ? /\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b/.exec(text)?.[0] : undefined,
  'services never know which client is asking': ({ path, text }) =>
    /^apps\/\w+-service\/src\//.test(path) && !path.endsWith('.spec.ts') ? /caller\.client\b/.exec(text)?.[0] : undefined,
  'Nest stays in files with a Nest suffix, save in the two libraries that host it': (source) =>
    source.path.startsWith('libs/') &&
    !nestHosts.some((host) => source.path.startsWith(host)) &&
    !isSpec(source) &&
    !/\.(controller|module|guard|interceptor|filter|pipe|decorator|resolver|gateway)\.ts$/.test(source.path)
      ? /^import (?!type ).*from '@nestjs\/[^']+'/m.exec(source.text)?.[0]
      : undefined,
};

/** Every broken rule of every file, as `path: rule (what)`. */
export function brokenRules(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    Object.entries(rules).flatMap(([name, rule]) => {
      const found = rule(source);
      return found ? [`${source.path}: ${name} (${found})`] : [];
    }),
  );
}

/** How large a part of the lines of the smaller of two applications stands in the other as well, from 0 to 1. Imports and short lines do not count. */
export function sharedLines(one: readonly Source[], other: readonly Source[]): number {
  const [a, b] = [significant(one), significant(other)];
  const known = new Set(b);
  const shared = a.filter((line) => known.has(line)).length;
  return shared / Math.max(1, Math.min(a.length, b.length));
}

function significant(sources: readonly Source[]): string[] {
  return sources.flatMap(({ text }) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.length > 25 && !line.startsWith('import ') && !/^(\/\/|\/?\*|@|\} from)/.test(line)),
  );
}
