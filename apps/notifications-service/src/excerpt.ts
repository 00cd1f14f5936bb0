const longest = 280;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The beginning of a text in at most 280 characters (code points), the `…` included. What people see as one character stays whole. */
export function excerptOf(text: string): string {
  const characters = [...text];
  if (characters.length <= longest) return text;
  const head = characters.slice(0, longest - 1).join('');
  // The last grapheme of the head may go on beyond it; one that alone is longer than that is cut all the same.
  const last = segmenter.segment(text).containing(head.length - 1)!;
  const whole = last.index + last.segment.length > head.length && last.index > 0 ? head.slice(0, last.index) : head;
  return `${whole}…`;
}
