import type { Chooser } from './chooser.js';
import type { Member } from './member.js';

/** Who is owed as much is next in the order of the table, whatever sums of fractions come to. */
const rounding = 1e-6;

/**
 * Turns: smooth weighted round robin as nginx has it (I. Sysoev, 2012), in items: with each departure everybody is owed his share of it, and
 * who leaves has paid for all of it. Who is owed most is next. O(n).
 */
export class Turns implements Chooser {
  #members: readonly Member[] = [];
  /** What each is owed, in items. */
  #owed = new Float64Array();
  #shares = 0;

  /** Those who stay keep what they are owed, newcomers are owed nothing; the sum stays nil. */
  seat(members: readonly Member[]): void {
    const owed = Float64Array.from(members, (member) => this.#owed[this.#members.indexOf(member)] ?? 0);
    const mean = owed.reduce((sum, each) => sum + each, 0) / Math.max(1, owed.length);
    this.#owed = owed.map((each) => each - mean);
    this.#members = members;
    this.#shares = members.reduce((sum, { share }) => sum + share, 0);
  }

  pick(items: number, _key: string | undefined, except: Member | undefined): Member | undefined {
    const members = this.#members;
    const perShare = items / this.#shares;
    let best: Member | undefined;
    let most = -Infinity;
    for (let at = 0; at < members.length; at++) {
      const member = members[at]!;
      const owed = this.#owed[at]! + member.share * perShare;
      if (owed <= most + rounding || member === except) continue;
      best = member;
      most = owed;
    }
    return best;
  }

  departed(member: Member, items: number): void {
    const members = this.#members;
    const perShare = items / this.#shares;
    const chosen = members.indexOf(member);
    if (chosen < 0) return;
    for (let at = 0; at < members.length; at++) this.#owed[at]! += members[at]!.share * perShare;
    this.#owed[chosen]! -= items;
  }
}
