import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Codes that have no page in docs/errors, and pages that no code has. */
export function errorPageViolations(root: string, codes: readonly string[]): string[] {
  const pages = globSync('docs/errors/*.md', { cwd: root })
    .map((path) => path.slice('docs/errors/'.length, -'.md'.length))
    .filter((name) => name !== 'README');
  return [
    ...codes.filter((code) => !pages.includes(code)).map((code) => `docs/errors/${code}.md is missing: every error code has a page`),
    ...pages.filter((page) => !codes.includes(page)).map((page) => `docs/errors/${page}.md speaks of a code that does not exist`),
  ];
}

/** ErrorLine: what the table of errors says of a code. */
export interface ErrorLine {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly grpc: string;
  readonly retryAfterSeconds?: number | undefined;
  readonly noAnswer?: string | undefined;
}

/** Lines of the error table in docs/errors/README.md that say something else than the code, are missing, or have no code. */
export function errorTableViolations(root: string, lines: readonly ErrorLine[]): string[] {
  const page = 'docs/errors/README.md';
  const rows = [...readFileSync(join(root, page), 'utf8').matchAll(/^\|\s*\d+ .*\|$/gm)].map(([row]) => row.replace(/\s*\|\s*/g, '|'));
  const wanted = lines.map(({ status, code, title, grpc, retryAfterSeconds = '', noAnswer = '' }) =>
    ['', status, `[${code}](${code}.md)`, title, grpc, retryAfterSeconds, noAnswer, ''].join('|'),
  );
  return [
    ...wanted.filter((row) => !rows.includes(row)).map((row) => `${page} lacks the line ${row}`),
    ...rows.filter((row) => !wanted.includes(row)).map((row) => `${page} has the line ${row}, which is not so`),
  ];
}

/** Projects without a README, or without an owner in CODEOWNERS. */
export function projectViolations(root: string): string[] {
  const projects = globSync('{apps,libs,tools}/*/package.json', { cwd: root }).map(dirname).sort();
  const owners = readFileSync(join(root, 'CODEOWNERS'), 'utf8');
  return projects.flatMap((project) => [
    ...(existsSync(join(root, project, 'README.md')) ? [] : [`${project}/README.md is missing`]),
    ...(new RegExp(`^/${project}/`, 'm').test(owners) ? [] : [`${project} has no owner in CODEOWNERS`]),
  ]);
}

/** Links between our own documents that lead nowhere. */
export function linkViolations(root: string): string[] {
  const documents = globSync(['*.md', 'docs/**/*.md', '{apps,libs,tools,deploy}/**/README.md'], {
    cwd: root,
    exclude: (path) => path.includes('node_modules'),
  });
  return documents.flatMap((path) => {
    const targets = [...readFileSync(join(root, path), 'utf8').matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!);
    return targets
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, target.startsWith('/') ? '' : dirname(path), target)))
      .map((target) => `${path} links to ${target}, which does not exist`);
  });
}

/** Exports of libraries without a doc comment that starts with their name. */
export function docCommentViolations(root: string): string[] {
  return globSync('libs/*/src/index.ts', { cwd: root })
    .filter((path) => !path.startsWith('libs/contracts/'))
    .flatMap((index) =>
      [...readFileSync(join(root, index), 'utf8').matchAll(/export \{([^}]*)\} from '\.\/([^']+)\.js'/g)].flatMap(([, names, file]) =>
        undocumented(join(dirname(index), `${file}.ts`), names!, root),
      ),
    );
}

function undocumented(path: string, names: string, root: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return names
    .split(',')
    .map((name) =>
      name
        .replace(/\btype\b/, '')
        .split(' as ')[0]!
        .trim(),
    )
    .filter((name) => name && !new RegExp(`/\\*\\*\\s*(?:\\*\\s*)?(?:@?\\w+, )*@?${name}\\b`).test(text))
    .map((name) => `${path}: ${name} has no doc comment that starts with its name`);
}
