import { expect, it } from 'vitest';
import { Faults, faultsOf } from './faults.decorator.js';

@Faults({ rooms: 'problem' })
class Declared {
  own() {}
  other() {}
}
Faults({ rooms: 'problem', presence: 'degraded' })(Declared.prototype, 'own', Object.getOwnPropertyDescriptor(Declared.prototype, 'own')!);
class Silent {
  handler() {}
}

it('a handler declares for itself, else its controller for it, else nobody', () => {
  expect(faultsOf(Declared.prototype.own, Declared)).toEqual({ rooms: 'problem', presence: 'degraded' });
  expect(faultsOf(Declared.prototype.other, Declared)).toEqual({ rooms: 'problem' });
  expect(faultsOf(Silent.prototype.handler, Silent)).toBeUndefined();
});
