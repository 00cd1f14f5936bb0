import { describe, expect, it } from 'vitest';
import { entityTag, hasTag } from './entity-tag.js';

describe('an entity tag', () => {
  it('is strong, quoted, of 128 bits, and of these very bytes', () => {
    const tags = ['', 'a', 'b', 'ä', 'a\u0308', '漢', '{}', '{} '].map(entityTag);
    for (const tag of tags) expect(tag).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    expect(new Set(tags).size).toBe(tags.length);
    expect(entityTag('漢')).toBe(entityTag('漢'));
  });

  const tag = entityTag('a');
  it.each([
    ['itself', tag],
    ['itself as a weak one', `W/${tag}`],
    ['a list with it', `"other", W/${tag}, "more"`],
    ['a list without spaces', `"other",${tag}`],
    ['whatever there is', '*'],
    ['that with spaces', ' * '],
  ])('is named by %s', (_, header) => expect(hasTag(header, tag)).toBe(true));

  it.each([
    ['nothing', ''],
    ['another', '"other"'],
    ['itself without quotes', tag.slice(1, -1)],
    ['its beginning', `${tag.slice(0, -2)}"`],
    ['a longer one', `"x${tag.slice(1)}`],
    ['a star in quotes', '"*"'],
    ['a star in a list', '"other", *'],
  ])('is not named by %s', (_, header) => expect(hasTag(header, tag)).toBe(false));
});
