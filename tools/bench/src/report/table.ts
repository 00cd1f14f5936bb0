import type { Figures } from '../measure.js';
import { readable } from './arithmetic.js';
import { isMet, times, type Outcome } from './outcome.js';

const mebibyte = 1024 * 1024;
const heads = ['workload', 'what', 'CPU µs/request', '× limit', 'req/s', 'p50 ms', 'p99 ms', 'RSS MB', 'heap MB', 'services µs'];

/** All figures as rows, the first of which are the heads. */
export function figureRows(outcomes: Readonly<Record<string, Outcome>>): string[][] {
  const rows = Object.entries(outcomes).flatMap(([workload, { figures }]) => figures.map((each) => rowOf(workload, each, figures)));
  return rows.length > 0 ? [heads, ...rows] : [];
}

/** All goals as rows, the first of which are the heads. */
export function goalRows(outcomes: Readonly<Record<string, Outcome>>): string[][] {
  const rows = Object.values(outcomes)
    .flatMap(({ judgements }) => judgements)
    .map((each) => [each.goal, readable(each.value), `≤ ${readable(each.atMost)}`, isMet(each) ? 'met' : 'MISSED']);
  return rows.length > 0 ? [['goal', 'measured', 'wanted', ''], ...rows] : [];
}

/** Rows for a terminal. */
export function asText(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => (isNumber(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))),
  );
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n');
}

/** Rows for a document, as prettier would have them. */
export function asMarkdown(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...rest] = rows;
  return head ? [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n') : '';
}

function rowOf(workload: string, each: Figures, all: readonly Figures[]): string[] {
  const { what, cpuMicros, requestsPerSecond, p50Ms, p99Ms, rssBytes, heapBytes, servicesCpuMicros = Number.NaN } = each;
  const numbers = [
    cpuMicros,
    times(all, what),
    requestsPerSecond,
    p50Ms,
    p99Ms,
    rssBytes / mebibyte,
    heapBytes / mebibyte,
    servicesCpuMicros,
  ];
  return [workload, what, ...numbers.map(readable)];
}

function isNumber(cell: string): boolean {
  return /^[\d.,–-]+$/.test(cell);
}
