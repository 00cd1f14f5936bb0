import { describe, expect, it } from 'vitest';
import { emoji } from './emoji.js';

describe('an emoji', () => {
  it.each(['👍', '👍🏽', '👨‍👩‍👧‍👦', '🇩🇪', '1️⃣', '❤️'])('is %s', (text) => expect(emoji.parse(text)).toBe(text));

  it('is the same with and without its variation selector', () => expect(emoji.parse('❤')).toBe('❤️'));

  it.each(['', 'a', '1', '👍👍', '👍 ', ':+1:', '\u200d', '\ufe0f', '\ud83d'])('is not %j', (text) =>
    expect(emoji.safeParse(text).success).toBe(false),
  );
});
