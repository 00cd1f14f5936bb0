import { describe, expect, it } from 'vitest';
import { origin, sharedKeys, webOrigins } from './settings.js';

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

describe('an origin', () => {
  it('is scheme, host and port, spelled one way', () => {
    expect(origin.parse('HTTPS://Mobile.Example:443/')).toBe('https://mobile.example');
    expect(origin.parse('http://localhost:4002')).toBe('http://localhost:4002');
  });

  it.each(['https://a.example/v1', 'https://a.example?x', 'https://me@a.example', 'ftp://a.example', 'a.example'])('is not %s', (url) => {
    expect(origin.safeParse(url).success).toBe(false);
  });

  it('may be one of several whose pages read our answers, an application of a phone among them, and never stands for others', () => {
    expect(webOrigins.parse('https://app.example, capacitor://localhost')).toEqual(['https://app.example', 'capacitor://localhost']);
    for (const wrong of ['*', 'null', 'https://*.example', 'https://app.example/']) expect(webOrigins.safeParse(wrong).success).toBe(false);
  });
});
