import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursors } from './cursors.js';

const cursors = new Cursors(Buffer.alloc(32, 1));

describe('a cursor', () => {
  it('opens to the id that was sealed, in its own list alone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (id, scope, other) => {
        fc.pre(scope !== other && id.isWellFormed() && scope.isWellFormed());
        const sealed = cursors.seal(id, scope);
        expect(cursors.open(sealed, scope)).toBe(id);
        expect(() => cursors.open(sealed, other)).toThrow(/not one of this list/);
      }),
    );
  });
  it('is refused with a single character changed, cut, lengthened or written another way', () => {
    const sealed = cursors.seal('0197a1b2-0000-7000-8000-000000000001', 'rooms');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => cursors.open(changed, 'rooms')).toThrow();
    }
    for (const other of [sealed.slice(0, -2), `${sealed}AA`, `${sealed}=`, ` ${sealed}`, '', 'A'])
      expect(() => cursors.open(other, 'rooms')).toThrow();
  });
  it('is not opened by another key', () => {
    expect(() => new Cursors(Buffer.alloc(32, 2)).open(cursors.seal('1', 'rooms'), 'rooms')).toThrow();
  });
});
