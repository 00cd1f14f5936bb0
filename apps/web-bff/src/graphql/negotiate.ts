/** The media types of an answer, the better first (GraphQL over HTTP, September 2026). */
export const mediaTypes = ['application/graphql-response+json', 'application/json'] as const;

export type MediaType = (typeof mediaTypes)[number];

/** Which of our media types the client likes best (RFC 9110, 12.5.1), if any. Without a preference it is the first. */
export function negotiate(accept = '*/*'): MediaType | undefined {
  const ranges = accept.split(',').map(toRange);
  const wishes = mediaTypes.map((type) => ({ type, ...weigh(type, ranges) }));
  const [best] = wishes.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality || b.precision - a.precision);
  return best?.type;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function toRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const given = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string | undefined]));
  const charset = given.get('charset')?.replaceAll('"', '') ?? 'utf-8';
  const quality = Number(given.get('q') ?? 1);
  return { type, quality: ['utf-8', 'utf8'].includes(charset) && quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The most precise range that fits decides, even where a vaguer one would be kinder. */
function weigh(type: MediaType, ranges: readonly Range[]): { quality: number; precision: number } {
  const names = ['*/*', 'application/*', type];
  const fitting = ranges
    .map((range) => ({ quality: range.quality, precision: names.indexOf(range.type) }))
    .filter(({ precision }) => precision >= 0);
  return fitting.sort((a, b) => b.precision - a.precision || b.quality - a.quality)[0] ?? { quality: 0, precision: -1 };
}
