/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ellipsis = '…';

/** The text, or its beginning and `…`, in at most so many bytes of JSON, never splitting a grapheme. */
export function cutToBytes(text: string, bytes: number): string {
  if (text.length * 6 <= bytes || jsonBytes(text) - 2 <= bytes) return text;
  // Every UTF-16 unit takes a byte or more: what lies beyond can't fit and is not looked at.
  let room = bytes - Buffer.byteLength(ellipsis);
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, bytes + 1))) {
    room -= jsonBytes(segment) - 2;
    if (room < 0) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd() + ellipsis;
}
