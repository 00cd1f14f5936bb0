import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, emoji, pageLimit, text, uuid } from './text.js';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success;

describe('text', () => {
  it('counts Unicode code points, not UTF-16 units', () => {
    expect(accepts(text(1, 3), '😀😀😀')).toBe(true);
    expect(accepts(text(1, 3), '😀😀😀😀')).toBe(false);
    expect(accepts(text(3, 3), '😀a')).toBe(false);
    expect(accepts(text(1, 3), '')).toBe(false);
  });
  it('agrees with a plain count for every text and limit', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', '字', '😀', '\u{10ffff}'), maxLength: 12 }),
        fc.nat(6),
        fc.nat(6),
        (value, min, more) => {
          const points = [...value].length;
          expect(accepts(text(min, min + more), value)).toBe(points >= min && points <= min + more);
        },
      ),
    );
  });
  it('refuses NUL and lone surrogates', () => {
    for (const value of ['a\0', '\ud800', 'a\udfffb']) expect(accepts(text(0, 10), value)).toBe(false);
  });
});

describe('uuid', () => {
  it('is given in canonical lower case', () => {
    expect(uuid.parse('0197A1B2-0000-7000-8000-00000000000A')).toBe('0197a1b2-0000-7000-8000-00000000000a');
    expect(accepts(uuid, '0197a1b2')).toBe(false);
  });
});

describe('emoji', () => {
  it.each(['👍', '👍🏽', '👨‍👩‍👧‍👦', '🇦🇹', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'])('is one emoji as people see it: %s', (one) => expect(emoji.parse(one)).toBe(one));
  it('is the same with and without variation selector', () => expect(emoji.parse('❤')).toBe(emoji.parse('❤️')));
  it.each(['', 'a', '1', '👍👍', '👍a', ' 👍', '\0', '\ud83d', '🇦'])('is nothing else: %j', (other) =>
    expect(accepts(emoji, other)).toBe(false),
  );
});

describe('pageLimit', () => {
  it('is a whole number from 1 to 100, plainly written', () => {
    expect(pageLimit.parse('100')).toBe(100);
    for (const wrong of ['0', '101', '-1', '1.0', ' 1', '1e1', '']) expect(accepts(pageLimit, wrong)).toBe(false);
    expect(pageLimit.default(30).parse(undefined)).toBe(30);
  });
});

const graphemes = (value: string) =>
  [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(value)].map(({ segment }) => segment);

describe('cutText', () => {
  it('leaves what fits and ends what it cuts with …, within the limit', () => {
    expect(cutText('hello', 5)).toBe('hello');
    expect(cutText('hello!', 5)).toBe('hell…');
    expect(cutText('grüße Дом 漢字', 6)).toBe('grüße…');
  });
  it('does not count the parts of an emoji or a letter with marks', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(cutText(family.repeat(3), 3)).toBe(family.repeat(3));
    expect(cutText(family.repeat(4), 3)).toBe(`${family}${family}…`);
    expect(cutText(`abcde\u0301f`, 5)).toBe('abcd…');
    expect(cutText(`abcde\u0301f`, 6)).toBe(`abcde\u0301f`);
  });
  it('never gives more than so many graphemes, and but for … a beginning of the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'ß', '字', '👍🏽', '🇦', 'e\u0301', '\u200d', '\r\n', ' ') }),
        fc.integer({ min: 1, max: 8 }),
        (value, limit) => {
          const cut = cutText(value, limit);
          const parts = graphemes(value);
          if (parts.length <= limit) expect(cut).toBe(value);
          else expect(cut).toBe(`${parts.slice(0, limit - 1).join('')}…`);
        },
      ),
    );
  });
  it('bounds a text that piles marks upon marks', () => {
    const zalgo = `z${'\u0301'.repeat(10_000)}`;
    expect(cutText(zalgo, 10).length).toBeLessThanOrEqual(161);
    expect(cutText(`${'😀\u0301'.repeat(5)}${'\u{1d165}'.repeat(5000)}`, 10).isWellFormed()).toBe(true);
  });
});
