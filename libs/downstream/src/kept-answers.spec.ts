import { newCaller } from '@facet/auth';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptAnswers, type KeptAnswer } from './kept-answers.js';

const answerOf = (subject: string, bytes = 1): KeptAnswer => ({
  caller: newCaller({ subject, kind: 'user', client: 'web-app', scopes: [], roles: [] }),
  bytes,
  answer: Buffer.from(`${subject}'s`),
  askedAt: 0,
});
const keysIn = (kept: KeptAnswers, keys: readonly string[]) => keys.filter((key) => kept.get(key) !== undefined);

describe('kept answers', () => {
  it('are found by their key', () => {
    const kept = new KeptAnswers({ entries: 10, bytes: 100 });
    const answer = answerOf('alice');
    kept.keep('a', answer);
    expect(kept.get('a')).toBe(answer);
    expect(kept.get('b')).toBeUndefined();
  });

  it('are bounded in number: the one used longest ago goes first', () => {
    const kept = new KeptAnswers({ entries: 2, bytes: 100 });
    for (const key of ['a', 'b', 'a', 'c']) kept.keep(key, answerOf('alice'));
    expect(keysIn(kept, ['a', 'b', 'c'])).toEqual(['a', 'c']);
  });

  it('are bounded in bytes, keys included: as many go as are in the way', () => {
    const kept = new KeptAnswers({ entries: 10, bytes: 100 });
    for (const key of ['a', 'b', 'c']) kept.keep(key, answerOf('alice', 32));
    kept.keep('d', answerOf('alice', 0));
    expect(keysIn(kept, ['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'c', 'd']);
    kept.keep('e', answerOf('alice', 34));
    expect(keysIn(kept, ['a', 'b', 'c', 'd', 'e'])).toEqual(['c', 'd', 'e']);
  });

  it('hold one that fills them, and none that is larger', () => {
    const kept = new KeptAnswers({ entries: 10, bytes: 100 });
    kept.keep('small', answerOf('alice', 1));
    kept.keep('x', answerOf('alice', 100));
    expect(keysIn(kept, ['small', 'x'])).toEqual(['small']);
    kept.keep('y', answerOf('alice', 99));
    expect(keysIn(kept, ['small', 'y'])).toEqual(['y']);
    kept.keep('y', answerOf('alice', 100));
    expect(keysIn(kept, ['small', 'y'])).toEqual([]);
  });

  it('count an answer once that takes the place of another', () => {
    const kept = new KeptAnswers({ entries: 10, bytes: 100 });
    kept.keep('a', answerOf('alice', 50));
    kept.keep('a', answerOf('alice', 20));
    kept.keep('b', answerOf('alice', 78));
    expect(keysIn(kept, ['a', 'b'])).toEqual(['a', 'b']);
  });

  it('forget what they are told to, and nothing else', () => {
    const kept = new KeptAnswers({ entries: 10, bytes: 100 });
    for (const key of ['a1', 'a2', 'b1']) kept.keep(key, answerOf(key.startsWith('a') ? 'alice' : 'bob', 4));
    kept.forget('nothing');
    kept.forget('a1');
    kept.keep('a3', answerOf('alice', 4));
    kept.forgetAllOf('alice');
    kept.forgetAllOf('carol');
    expect(keysIn(kept, ['a1', 'a2', 'a3', 'b1'])).toEqual(['b1']);
    kept.keep('a4', answerOf('alice', 92));
    expect(keysIn(kept, ['a4', 'b1'])).toEqual(['a4', 'b1']);
  });

  it('belong to whom they were last kept for', () => {
    const kept = new KeptAnswers({ entries: 10, bytes: 100 });
    kept.keep('a', answerOf('alice'));
    kept.keep('a', answerOf('bob'));
    kept.forgetAllOf('alice');
    expect(keysIn(kept, ['a'])).toEqual(['a']);
    kept.forgetAllOf('bob');
    expect(keysIn(kept, ['a'])).toEqual([]);
  });

  it('stay within their bounds and keep the latest ones, whatever is kept and forgotten', () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ do: fc.constant('keep' as const), key: fc.constantFrom(...'abcdefgh'), bytes: fc.nat(60) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), key: fc.constantFrom(...'abcdefgh') }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), subject: fc.constantFrom('0', '1') }) },
    );
    const subjectOf = (key: string) => String(key.charCodeAt(0) % 2);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const kept = new KeptAnswers({ entries: 4, bytes: 100 });
        let expected: [key: string, bytes: number][] = [];
        for (const next of steps) {
          if (next.do === 'purge') {
            kept.forgetAllOf(next.subject);
            expected = expected.filter(([key]) => subjectOf(key) !== next.subject);
            continue;
          }
          expected = expected.filter(([key]) => key !== next.key);
          if (next.do === 'forget') kept.forget(next.key);
          else {
            kept.keep(next.key, answerOf(subjectOf(next.key), next.bytes));
            expected.push([next.key, next.bytes + 1]);
          }
          while (expected.length > 4 || expected.reduce((sum, [, bytes]) => sum + bytes, 0) > 100) expected.shift();
          expect(keysIn(kept, [...'abcdefgh'])).toEqual(expected.map(([key]) => key).sort());
        }
      }),
    );
  });
});
