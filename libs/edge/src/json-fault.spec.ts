import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateJsonFault } from './json-fault.js';

describe('the place where JSON breaks', () => {
  it.each([
    ['', 'line 1, column 1'],
    ['{', 'line 1, column 2'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{"a" 1}', 'line 1, column 6'],
    ['[1,2', 'line 1, column 5'],
    ['[1,\n2,\n x]', 'line 3, column 2'],
    ['{"a":1} extra', 'line 1, column 9'],
    ['{"a":"unclosed', 'line 1, column 6'],
    ['{"a":"bad \\x"}', 'line 1, column 6'],
    ['[}', 'line 1, column 2'],
    ['{"a":[1}', 'line 1, column 8'],
    ['01', 'line 1, column 2'],
    ["{'a':1}", 'line 1, column 2'],
    ['nul', 'line 1, column 1'],
  ])('%j breaks at %s', (text, place) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(locateJsonFault(text)).toBe(place);
  });
  it('of a text cut anywhere is its end, or the beginning of the value that was cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, cut) => {
        const text = json.slice(0, cut % json.length);
        fc.pre(isBroken(text));
        const column = Number(/column (\d+)/.exec(locateJsonFault(text))![1]);
        expect(column).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
  it('is found in a megabyte of nesting', () => {
    expect(locateJsonFault('['.repeat(1_000_000))).toBe('line 1, column 1000001');
    expect(locateJsonFault(`"${'\\n'.repeat(500_000)}`)).toBe('line 1, column 1');
  });
});

function isBroken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
