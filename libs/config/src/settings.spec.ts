import { describe, expect, it } from 'vitest';
import { sharedKeys } from './settings.js';

const text = (fill: number) => Buffer.alloc(32, fill).toString('base64url');
const bytes = (fill: number) => Buffer.alloc(32, fill);

describe('shared keys', () => {
  it('are one for each issuer, or several while he changes his', () => {
    const read = sharedKeys.parse(JSON.stringify({ 'web-bff': text(1), 'mobile-bff': [text(2), text(3)] }));
    expect(read).toEqual({ 'web-bff': [bytes(1)], 'mobile-bff': [bytes(2), bytes(3)] });
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['an issuer without a key', '{"web-bff":[]}'],
    ['a key that is too short', '{"web-bff":["c2hvcnQ"]}'],
    ['one that is too short among others', JSON.stringify({ 'web-bff': [text(1), 'c2hvcnQ'] })],
    ['more than three', JSON.stringify({ 'web-bff': [1, 2, 3, 4].map(text) })],
    ['a key without a name', JSON.stringify({ '': text(1) })],
  ])('are not %s, and the reason shows none of them', (_, given) => {
    const { error } = sharedKeys.safeParse(given);
    expect(error?.issues).toEqual([expect.objectContaining({ message: expect.stringContaining('JSON object of names and keys') })]);
    expect(error?.message).not.toContain('c2hvcnQ');
  });
});
