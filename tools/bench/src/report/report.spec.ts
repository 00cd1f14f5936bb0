import { describe, expect, it } from 'vitest';
import type { Figures } from '../measure.js';
import { median, readable } from './arithmetic.js';
import { withTables } from './document.js';
import { hotFunctions, hotParts } from './hot-spots.js';
import { isMet, times } from './outcome.js';
import { asMarkdown, asText, figureRows, goalRows } from './table.js';

const figures = (what: string, cpuMicros: number): Figures => ({
  what,
  cpuMicros,
  requestsPerSecond: 12_345.6,
  p50Ms: 1.5,
  p99Ms: 30,
  rssBytes: 150 * 1024 * 1024,
  heapBytes: 20 * 1024 * 1024,
});
const outcomes = {
  home: {
    figures: [figures('bare', 60), figures('limit', 30)],
    judgements: [
      { goal: 'bare', value: 2, atMost: 2 },
      { goal: 'whole', value: 3.6, atMost: 3.5 },
    ],
    remarks: [],
  },
};

describe('a median', () => {
  it('is the number in the middle, or between the two that are', () => {
    expect([median([9, 1, 5]), median([4, 1, 2, 3]), median([7])]).toEqual([5, 2.5, 7]);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a number', () => {
  it('is shown with the digits that matter', () => {
    expect([31.234, 2, 0.1049, 7_654.3, 1_234_567, 99.96, 100, 0, Number.NaN].map(readable)).toEqual([
      ...['31.2', '2', '0.1', '7,654', '1,234,567', '100', '100', '0', '–'],
    ]);
  });
});

describe('a ratio', () => {
  it('is to the limit unless told otherwise, and nothing where there is none', () => {
    expect([times(outcomes.home.figures, 'bare'), times(outcomes.home.figures, 'limit', 'bare')]).toEqual([2, 0.5]);
    expect(times([figures('bare', 60)], 'bare')).toBeNaN();
  });
});

describe('a goal', () => {
  it('is met up to what it says, missed beyond, and missed where nothing was measured', () => {
    expect([2, 2.01, Number.NaN].map((value) => isMet({ goal: '', value, atMost: 2 }))).toEqual([true, false, false]);
  });
});

describe('the tables', () => {
  it('show every figure with its ratio, and every goal', () => {
    expect(figureRows(outcomes)[1]).toEqual(['home', 'bare', '60', '2', '12,346', '1.5', '30', '150', '20', '–']);
    expect(goalRows(outcomes).slice(1)).toEqual([
      ['bare', '2', '≤ 2', 'met'],
      ['whole', '3.6', '≤ 3.5', 'MISSED'],
    ]);
    expect([figureRows({}), goalRows({})]).toEqual([[], []]);
  });

  it('are aligned', () => {
    const rows = [
      ['what', 'µs'],
      ['a', '1.5'],
    ];
    expect(asText(rows)).toBe('what  µs\na     1.5');
    expect(asMarkdown(rows)).toBe('| what | µs  |\n| ---- | --- |\n| a    | 1.5 |');
  });

  it('take the place of the last ones in the document, and of nothing else', () => {
    const document = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
    const once = withTables(document, 'new');
    expect(once).toBe('before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n');
    expect(withTables(once, 'new')).toBe(once);
    expect(() => withTables('nothing', 'new')).toThrow('no place');
  });
});

describe('hot spots', () => {
  const node = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url, lineNumber: 9 } });
  const profile = {
    nodes: [
      node(1, '(idle)'),
      node(2, 'encode', 'file:///work/libs/downstream/dist/batcher.js'),
      node(3, 'encode', 'file:///work/libs/downstream/dist/batcher.js'),
      node(4, '(garbage collector)'),
      node(5, 'post', 'node:inspector'),
      node(6, 'write', 'node:_http_outgoing'),
      node(7, 'send', 'node:internal/http2/core'),
      node(8, 'call', 'file:///work/node_modules/@grpc/grpc-js/build/src/client.js'),
      node(9, 'writeUtf8String'),
    ],
    samples: [1, 2, 3, 4, 1, 5, 6, 7, 8, 9],
    timeDeltas: [1_000, 250, 250, 200, 1_000, 1_000, 120, 100, 50, 30],
  };

  it('are functions by their own share of the busy time', () => {
    expect(hotFunctions(profile).slice(0, 3)).toEqual([
      { name: 'encode', place: 'libs/downstream/dist/batcher.js:10', share: 0.5 },
      { name: '(garbage collector)', place: '', share: 0.2 },
      { name: 'write', place: 'node:_http_outgoing:10', share: 0.12 },
    ]);
  });

  it('are parts of the program', () => {
    expect(hotParts(profile).map(({ name, share }) => [name, share])).toEqual([
      ['libs/downstream', 0.5],
      ['(garbage collector)', 0.2],
      ['node:http', 0.12],
      ['node:http2', 0.1],
      ['@grpc/grpc-js', 0.05],
      ['native', 0.03],
    ]);
  });
});
