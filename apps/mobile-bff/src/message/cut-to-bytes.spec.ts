import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToBytes } from './cut-to-bytes.js';

describe('a text cut to bytes', () => {
  it('stays as it is where it fits to the byte', () => {
    expect(cutToBytes('äöü', 6)).toBe('äöü');
  });

  it('never splits a grapheme', () => {
    expect(cutToBytes('👩‍👩‍👧👩‍👩‍👧', 30)).toBe('👩‍👩‍👧…');
  });

  it('is nothing but … where not even one grapheme fits', () => {
    expect(cutToBytes(`a${'\u0301'.repeat(1_000)}`, 100)).toBe('…');
  });

  it('counts what JSON makes of quotes and control characters', () => {
    expect(cutToBytes('\u0001'.repeat(20), 27)).toBe(`${'\u0001'.repeat(4)}…`);
  });

  it('fits, whatever is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 3, max: 400 }), (text, bytes) => {
        expect(Buffer.byteLength(JSON.stringify(cutToBytes(text, bytes))) - 2).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});
