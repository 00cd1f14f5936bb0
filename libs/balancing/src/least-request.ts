import type { Chooser } from './chooser.js';
import type { Member } from './member.js';
import { TwoOf } from './two-of.js';

/**
 * LeastRequest: the power of two choices (M. Mitzenmacher, 2001): of two at random, drawn by share, the one with fewer items in flight for its
 * share. Many processes that choose so do not all run to the same instance, as they would to the least loaded one.
 */
export class LeastRequest implements Chooser {
  readonly #two: TwoOf;
  #members: readonly Member[] = [];
  #shares = 0;
  #even = true;

  constructor(random: () => number) {
    this.#two = new TwoOf(random);
  }

  seat(members: readonly Member[]): void {
    this.#members = members;
    this.#shares = members.reduce((sum, { share }) => sum + share, 0);
    this.#even = members.every(({ share }) => share === members[0]?.share);
  }

  pick(_items: number, _key: string | undefined, except: Member | undefined): Member | undefined {
    const two = this.#two;
    if (this.#even) two.draw(this.#members);
    else two.drawByShare(this.#members, this.#shares);
    const { one, other } = two;
    if (!one || !other || other === except) return one;
    if (one === except) return other;
    return other.inFlight * one.share < one.inFlight * other.share ? other : one;
  }
}
