import { describe, expect, it } from 'vitest';
import { endpointFrom, sameTable, tableOf } from './endpoint.js';

describe('an instance that a registry tells of', () => {
  it.each([
    [{ host: '10.0.0.1', port: 5052 }, { address: '10.0.0.1:5052' }],
    [
      { host: 'rooms.example', port: '5052', weight: '2.5' },
      { address: 'rooms.example:5052', weight: 2.5 },
    ],
    [
      { host: 'fd00::1', port: 1, zone: 'a', version: '1' },
      { address: '[fd00::1]:1', zone: 'a', version: '1' },
    ],
    [{ host: 'a', port: 1, zone: '', weight: 'much', version: 7 }, { address: 'a:1' }],
    [{ host: 'a', port: 1, zone: 'z'.repeat(101), weight: -1 }, { address: 'a:1' }],
    [{ host: 'a', port: 1, weight: Infinity }, { address: 'a:1' }],
  ])('%j is understood', (told, endpoint) => expect(endpointFrom(told)).toEqual(endpoint));

  it.each([
    { host: '', port: 1 },
    { host: undefined, port: 1 },
    { host: 'a', port: 0 },
    { host: 'a', port: 65_536 },
    { host: 'a', port: 1.5 },
    { host: 'a', port: undefined },
    { host: 'a/b', port: 1 },
    { host: 'me@a', port: 1 },
    { host: 'a b', port: 1 },
    { host: 'evil:x', port: 1 },
  ])('%j is none', (told) => expect(endpointFrom(told)).toBeUndefined());
});

describe('a table', () => {
  const [a, b] = [{ address: 'a:1', weight: 2 }, { address: 'b:1' }];

  it('is in the order of its addresses, each once', () => {
    expect(tableOf([b, undefined, a, { address: 'a:1' }])).toEqual([a, b]);
  });

  it.each([
    [[a, b], [a, b], true],
    [[a, b], [{ ...a }, { ...b }], true],
    [[a, b], [a], false],
    [[a], [a, b], false],
    [[a], [{ ...a, weight: 3 }], false],
    [[a], [{ ...a, zone: 'z' }], false],
    [[a], [{ ...a, version: '2' }], false],
    [[a], [b], false],
  ])('%j and %j are the same: %s', (one, other, same) => expect(sameTable(one, other)).toBe(same));
});
