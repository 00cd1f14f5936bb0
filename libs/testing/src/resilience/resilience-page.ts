import type { Fault, FaultOutcome } from '@facet/edge';
import { problems } from '@facet/errors';
import type { Endpoint } from './endpoint.js';
import { expectedOf, faults, wordsOf } from './fault-rules.js';

/** Section: what the page says of one application. */
export interface Section {
  readonly application: string;
  readonly dependencies: readonly string[];
  readonly endpoints: readonly Endpoint[];
}

const whatHappens: Readonly<Record<Fault, string>> = {
  down: 'nobody listens',
  slow: 'answers after its deadline',
  error: 'answers with a failure of its own',
  garbage: 'answers with what cannot be read',
  flapping: 'is away for every other call, the first among them',
};

const whatIsAnswered: Readonly<Record<FaultOutcome | '–', string>> = {
  problem:
    'nothing: problem+json with the code, never cached, `retry-after` where that helps; in GraphQL `data: null`, its status, and an error with the code',
  once: 'as problem, and it is never tried again: doing it twice is not the same as doing it once',
  degraded: 'all but the part: that is null, and the dependency named in `degraded`, with the reason in `facet-degraded`; `no-store`',
  stale: 'as degraded; who has asked before sees the last answer instead of null',
  partial:
    'GraphQL: all but the field: the nearest thing that may be null is, with an error that has the code; dependency and reason as in degraded',
  whole: 'everything, as if nothing were the matter',
  '–': 'everything: it is never called',
};

function top(): string {
  const rows = faults.map((fault) => {
    const { reason, code } = expectedOf('once', fault);
    return [fault, whatHappens[fault], reason, `[${code}](errors/${code}.md), ${problems[code].status}`];
  });
  return `# What is answered while a part fails

Written by the resilience matrix (\`npm run resilience\`) and held against it by \`test/resilience.in.spec.ts\` of each BFF: every endpoint × every dependency × every fault,
asked of the real application over real connections, comes to what the endpoint declares beside itself: \`@Faults\` on a route, \`@faults\` in a GraphQL schema.
An endpoint that declares nothing fails the build; so does a dependency that it calls and does not name, or names and does not call.

${table(['Fault', 'The dependency', 'Reason', 'Code of a problem or an error'], rows)}

${table(['Word', 'What is answered'], Object.entries(whatIsAnswered))}

A read, and a command that may be repeated, is tried again: flapping leaves their answers whole, whatever the word, but for once. Exceptions for single faults stand in brackets.
The way to a field of GraphQL goes well: what is told of it is its own calls.
`;
}

/** The page with the section of one application as it is now, and those of others as they stand there. */
export function pageWith(section: Section, page: string): string {
  const others = sectionsOf(page).filter(([name]) => name !== section.application);
  const all = [...others, [section.application, textOf(section)] as const].sort(([one], [other]) => (one < other ? -1 : 1));
  return [top(), ...all.map(([, text]) => text)].join('\n');
}

function sectionsOf(page: string): (readonly [string, string])[] {
  return page.split(/^(?=## )/m).flatMap((text) => {
    const name = /^## (\S+)\n/.exec(text)?.[1];
    return name ? [[name, `${text.trimEnd()}\n`] as const] : [];
  });
}

function textOf({ application, dependencies, endpoints }: Section): string {
  const [calling, silent] = [true, false].map((calls) =>
    endpoints.filter(({ declared }) => Object.keys(declared ?? {}).length > 0 === calls),
  );
  const rows = calling!.map(({ name, declared = {} }) => [
    `\`${name}\``,
    ...dependencies.map((dependency) => (declared[dependency] ? wordsOf(declared[dependency]) : '–')),
  ]);
  const { length } = endpoints;
  const count = `${length} endpoints × ${dependencies.length} dependencies × ${faults.length} faults: ${length * dependencies.length * faults.length} cells.`;
  const names = silent!.map(({ name }) => `\`${name}\``);
  const rest = names.length > 0 ? `\nNo dependency: ${names.join(', ')}.\n` : '';
  return `## ${application}\n\n${count}\n\n${table(['Endpoint', ...dependencies], rows)}\n${rest}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
