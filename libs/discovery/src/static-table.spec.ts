import { describe, expect, it } from 'vitest';
import { staticTable } from './static-table.js';

describe('a static target', () => {
  it.each([
    ['static:127.0.0.1:5051', [{ address: '127.0.0.1:5051' }]],
    ['static:rooms-service:5052', [{ address: 'rooms-service:5052' }]],
    ['static:[::1]:5052', [{ address: '[::1]:5052' }]],
    ['static:b.example:1,a.example:2', [{ address: 'a.example:2' }, { address: 'b.example:1' }]],
    [
      'static:10.0.0.1:5051;zone=a;weight=2, 10.0.0.2:5051;version=1.4',
      [
        { address: '10.0.0.1:5051', zone: 'a', weight: 2 },
        { address: '10.0.0.2:5051', version: '1.4' },
      ],
    ],
  ])('%s is understood', (target, table) => expect(staticTable(target)).toEqual(table));

  it.each([
    ['static:', 'must be static:host:port'],
    ['static:localhost', 'must be static:host:port'],
    ['static:localhost:0', 'must be static:host:port'],
    ['static:localhost:70000', 'must be static:host:port'],
    ['static:a:1,', 'must be static:host:port'],
    ['static:a:1;colour=red', 'must be static:host:port'],
    ['static:a:1;zone', 'must be static:host:port'],
    ['static:a:1;zone=', 'must be static:host:port'],
    ['static:a:1;weight=0', 'a weight that is not above 0'],
    ['static:a:1;weight=much', 'a weight that is not above 0'],
    ['static:a:1,b:1,a:1', 'names an address twice'],
  ])('%s is refused with the reason', (target, reason) => expect(() => staticTable(target)).toThrow(reason));
});
