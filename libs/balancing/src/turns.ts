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
  /** Of each departure, what each is owed of it. */
  #parts = new Float64Array();

  /** Those who stay keep what they are owed, newcomers are owed nothing; the sum stays nil. */
  seat(members: readonly Member[]): void {
    const owed = Float64Array.from(members, (member) => this.#owed[this.#members.indexOf(member)] ?? 0);
    const mean = owed.reduce((sum, each) => sum + each, 0) / Math.max(1, owed.length);
    const shares = members.reduce((sum, { share }) => sum + share, 0);
    this.#owed = owed.map((each) => each - mean);
    this.#parts = Float64Array.from(members, ({ share }) => share / shares);
    this.#members = members;
  }

  pick(items: number, _key: string | undefined, except: Member | undefined): Member | undefined {
    const owed = this.#owed;
    const parts = this.#parts;
    const barred = except ? this.#members.indexOf(except) : -1;
    let best = -1;
    let most = -Infinity;
    for (let at = 0; at < owed.length; at++) {
      const due = owed[at]! + parts[at]! * items;
      if (due <= most + rounding || at === barred) continue;
      best = at;
      most = due;
    }
    return this.#members[best];
  }

  departed(member: Member, items: number): void {
    const chosen = this.#members.indexOf(member);
    if (chosen < 0) return;
    const owed = this.#owed;
    const parts = this.#parts;
    for (let at = 0; at < owed.length; at++) owed[at]! += parts[at]! * items;
    owed[chosen]! -= items;
  }
}
