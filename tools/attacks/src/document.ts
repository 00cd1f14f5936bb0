import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import type { Attack } from './attack.js';

const path = 'docs/security.md';
const [begin, end] = ['<!-- attacks: written by npm run attacks -- --write -->', '<!-- /attacks -->'];

/** docs/security.md as it should be: its own words, and the table of these attacks. */
export async function documentOf(root: string, attacks: readonly Attack[]): Promise<string> {
  const [before, rest] = read(root).split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for the table`);
  return format(`${before}${begin}\n\n${tableOf(attacks)}\n\n${end}${after}`, {
    parser: 'markdown',
    printWidth: 140,
    proseWrap: 'preserve',
  });
}

export async function writeDocument(root: string, attacks: readonly Attack[]): Promise<void> {
  writeFileSync(join(root, path), await documentOf(root, attacks));
}

export function read(root: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function tableOf(attacks: readonly Attack[]): string {
  const rows = attacks.map(({ attack, defence, without, test }) => [
    attack,
    defence,
    [...new Set(without.map(({ file }) => linkTo(file)))].join(' '),
    `${linkTo(test.file)}: ${test.name}`,
  ]);
  return [['Attack', 'Defence', 'Where', 'Test'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}

function linkTo(file: string): string {
  return `[${file.split('/').at(-1)}](../${file})`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\\\\|', '\\|');
}
