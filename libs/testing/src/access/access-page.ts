/** ObservedLine: what one thing that can be asked for came to, for each who asked. */
export interface ObservedLine {
  /** `GET /v1/home`, `Query.room`, `DeleteMessage: one's own`. */
  readonly name: string;
  /** The rule of the policy that it declares, or that it is decided by. */
  readonly rule: string;
  /** A word by who asked: `yes`, or the code of the refusal. */
  readonly words: Readonly<Record<string, string>>;
}

/** AccessSection: what the page says of one application. */
export interface AccessSection {
  readonly application: string;
  /** Who asks, in the order of the columns. */
  readonly people: readonly string[];
  readonly lines: readonly ObservedLine[];
}

const top = `# Who may do what

Written by \`npm run access\` from what the applications answered, and held against them by \`test/access.in.spec.ts\` of each: a line's tests are those of its name, one for each who asks (\`GET /v1/home\` › guest). The rules are
[policy.ts](../libs/auth/src/policy.ts), enforced twice ([0018](adr/0018-one-policy-enforced-twice.md)); a table of their own by the words of the API is the oracle of its spec.

Of a BFF the page says whom it refuses itself, before any service is called: \`yes\` means that a service was asked, or that there is nothing to ask. Of a service it says what it decided on its own data. Everybody's token covers all scopes, so
that roles alone tell; that of \`no scope\`, an admin, covers none. Whoever is not a person: \`bot\`, of a partner, with the role of a user.
`;

/** pageWith: the page with the section of one application as it was observed, and those of others as they stand there. */
export function pageWith(section: AccessSection, page: string): string {
  const others = sectionsOf(page).filter(([name]) => name !== section.application);
  const all = [...others, [section.application, textOf(section)] as const].sort(([one], [other]) => (one < other ? -1 : 1));
  return [top, ...all.map(([, text]) => text)].join('\n');
}

/** wordsOn: what the page says of one line of an application, by who asks; nothing where it has no such line. */
export function wordsOn(page: string, application: string, name: string): Readonly<Record<string, string>> | undefined {
  const text = sectionsOf(page).find(([section]) => section === application)?.[1] ?? '';
  const [head, , ...rows] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cellsOf);
  const row = rows.find(([first]) => first === `\`${name}\``);
  return row && Object.fromEntries(head!.slice(2).map((person, at) => [person, row[at + 2]!]));
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function sectionsOf(page: string): (readonly [string, string])[] {
  return page.split(/^(?=## )/m).flatMap((text) => {
    const name = /^## (\S+)\n/.exec(text)?.[1];
    return name ? [[name, `${text.trimEnd()}\n`] as const] : [];
  });
}

function textOf({ application, people, lines }: AccessSection): string {
  const rows = lines.map(({ name, rule, words }) => [`\`${name}\``, rule, ...people.map((person) => words[person] ?? '–')]);
  const proof = `Proven by \`apps/${application}/test/access.in.spec.ts\`.`;
  return `## ${application}\n\n${proof}\n\n${table(['What', 'Rule', ...people], rows)}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
