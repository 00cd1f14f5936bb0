import { z } from 'zod';

/** id: an id as it travels between our processes, a UUID in canonical lower case; upper case is accepted and turned. */
export const id = z.uuid('must be a UUID').toLowerCase();

/** text: a string of `min` to `max` Unicode code points, without NUL and lone surrogates, which no database can keep. */
export function text(min: number, max: number) {
  return z.string().superRefine((value, context) => {
    if (value.includes('\0')) context.addIssue({ code: 'custom', message: 'must not contain NUL characters' });
    else if (!value.isWellFormed()) context.addIssue({ code: 'custom', message: 'must not contain lone surrogates' });
    else if (!hasLength(value, min, max)) context.addIssue({ code: 'custom', message: `must have ${min} to ${max} characters` });
  });
}

/** pageSize: how many items a page has, 1 to `most`; 0, which is what an absent number looks like, means `usual`. */
export function pageSize(usual: number, most: number) {
  return z
    .number()
    .max(most, `must be at most ${most}`)
    .transform((size) => size || usual);
}

function hasLength(value: string, min: number, max: number): boolean {
  // A string has at most as many code points as UTF-16 units, and at least half as many.
  if (value.length > max * 2) return false;
  const length = [...value].length;
  return length >= min && length <= max;
}
