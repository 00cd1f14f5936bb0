import { z } from 'zod';

/**
 * text: a string of `min` to `max` Unicode code points (not UTF-16 units), without NUL and without lone surrogates, which no database and no other
 * language can keep.
 */
export function text(min: number, max: number) {
  return z
    .string()
    .superRefine((value, context) => {
      const detail = faultOf(value) ?? lengthFault(value, min, max);
      if (detail) context.addIssue({ code: 'custom', message: detail });
    })
    .meta({ minLength: min, maxLength: max });
}

/** uuid: an id in canonical lower case; upper case is accepted and turned. */
export const uuid = z.uuid({ error: 'must be a UUID' }).toLowerCase();

/** pageLimit: how many items a page has, 1 to 100, out of a query string. Give it a default: `pageLimit.default(30)`. */
export const pageLimit = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 100')
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= 100, 'must be a whole number from 1 to 100')
  .meta({ type: 'integer', pattern: undefined, minimum: 1, maximum: 100 });

// The v flag and its properties of strings are newer than the compiler's target, so no literals.
const recommendedEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');
const emojiPresentation = '\u{fe0f}';

/** emoji: exactly one emoji as people see it (UTS #51, RGI set). Where only the variation selector is missing it is added, so that ❤ and ❤️ are one. */
export const emoji = z
  .string()
  .max(64, 'must be one emoji')
  .transform((value, context) => {
    if (recommendedEmoji.test(value)) return value;
    if (recommendedEmoji.test(value + emojiPresentation)) return value + emojiPresentation;
    context.addIssue({ code: 'custom', message: 'must be one emoji' });
    return z.NEVER;
  })
  .meta({ description: 'One emoji', maxLength: 64 });

/** faultOf: what makes a string unfit to travel (NUL, lone surrogates), or nothing. */
export function faultOf(value: string): string | undefined {
  if (value.includes('\0')) return 'must not contain NUL characters';
  if (!value.isWellFormed()) return 'must not contain lone surrogates';
  return undefined;
}

function lengthFault(value: string, min: number, max: number): string | undefined {
  // A string has at most as many code points as UTF-16 units and at least half as many: most need no counting.
  const units = value.length;
  const points = units <= max && units >= min * 2 ? units : units > max * 2 ? units : countCodePoints(value);
  return points < min || points > max ? `must have ${min} to ${max} characters` : undefined;
}

function countCodePoints(value: string): number {
  let count = 0;
  for (let at = 0; at < value.length; at += value.codePointAt(at)! > 0xffff ? 2 : 1) count += 1;
  return count;
}

// Scripts in which each UTF-16 unit is a grapheme of its own: Latin, Greek, Cyrillic, common punctuation, kana, Han.
const oneUnitEach = /^[\x20-\x7e\u00a0-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]*$/;
const longestGrapheme = 16;
let segmenter: Intl.Segmenter | undefined;

/**
 * cutText: the text, or its beginning and `…`, in at most so many graphemes (UAX #29) in all. Plain text is cut without a segmenter; a text that
 * piles marks upon marks is cut after 16 UTF-16 units a grapheme.
 */
export function cutText(value: string, graphemes: number): string {
  if (value.length <= graphemes) return value;
  const head = value.slice(0, graphemes + 1);
  if (oneUnitEach.test(head)) return `${head.slice(0, graphemes - 1)}…`;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const bounded = value.slice(0, graphemes * longestGrapheme);
  let count = 0;
  let cutAt = 0;
  for (const { index, segment } of segmenter.segment(bounded)) {
    count += 1;
    if (count === graphemes) cutAt = index;
    if (count > graphemes) return `${bounded.slice(0, cutAt)}…`;
    if (index + segment.length === value.length) return value;
  }
  const end = count < graphemes ? bounded.length : cutAt;
  return `${bounded
    .slice(0, end)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}
