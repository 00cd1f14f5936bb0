import type { DeclaredOutcome } from '@facet/edge';
import { describe, expect, it } from 'vitest';
import { expectedOf, faults, wordsOf } from './fault-rules.js';

const outcomes = (declared: DeclaredOutcome | undefined) => faults.map((fault) => expectedOf(declared, fault).outcome);

describe('a word', () => {
  it.each(['problem', 'degraded', 'stale', 'partial'] as const)('%s is about all faults but flapping, which another try hides', (word) => {
    expect(outcomes(word)).toEqual([word, word, word, word, 'whole']);
  });

  it('once is about flapping as well', () => expect(outcomes('once')).toEqual(Array(5).fill('problem')));

  it('that is missing means that nothing is the matter', () => expect(outcomes(undefined)).toEqual(Array(5).fill('whole')));

  it('may differ for single faults, and then means just that', () => {
    const declared = { otherwise: 'degraded', garbage: 'problem', flapping: 'degraded' } as const;
    expect(outcomes(declared)).toEqual(['degraded', 'degraded', 'degraded', 'problem', 'degraded']);
    expect(wordsOf(declared)).toBe('degraded (garbage: problem, flapping: degraded)');
  });
});

it('the code of each fault is that of the error table', () => {
  expect(faults.map((fault) => expectedOf('once', fault)).map(({ reason, code }) => [reason, code])).toEqual([
    ['unavailable', 'dependency-unavailable'],
    ['timeout', 'deadline-exceeded'],
    ['invalid', 'dependency-failed'],
    ['invalid', 'dependency-failed'],
    ['unavailable', 'dependency-unavailable'],
  ]);
});
