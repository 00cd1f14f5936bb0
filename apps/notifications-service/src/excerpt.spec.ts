import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.js';

const family = '👨‍👩‍👧‍👦';

describe('an excerpt', () => {
  it('is the text where that is short enough', () => {
    expect(excerptOf('x'.repeat(280))).toBe('x'.repeat(280));
    expect(excerptOf('😀'.repeat(280))).toBe('😀'.repeat(280));
  });

  it('has 280 characters at most, the ellipsis included', () => {
    expect(excerptOf('x'.repeat(281))).toBe(`${'x'.repeat(279)}…`);
  });

  it('does not tear apart what people see as one character', () => {
    const text = family.repeat(100);
    expect(excerptOf(text)).toBe(`${family.repeat(39)}…`);
  });

  it('cuts a single character that is longer than that', () => {
    expect([...excerptOf(`e${'\u0301'.repeat(4_000)}`)]).toHaveLength(280);
  });

  it('is well-formed, short and the beginning of the text, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
        const excerpt = excerptOf(text);
        expect([...excerpt].length).toBeLessThanOrEqual(280);
        expect(excerpt.isWellFormed()).toBe(true);
        expect(excerpt === text || (excerpt.endsWith('…') && text.startsWith(excerpt.slice(0, -1)))).toBe(true);
      }),
    );
  });
});
