import type { Member } from './member.js';

/** TwoOf: two different members at random, for policies that take the better one. */
export class TwoOf {
  one: Member | undefined;
  other: Member | undefined;

  constructor(private readonly random: () => number) {}

  /** Each pair is as likely as any other. */
  draw(members: readonly Member[]): void {
    const { length } = members;
    const at = Math.floor(this.random() * length);
    const step = 1 + Math.floor(this.random() * (length - 1));
    this.one = members[at];
    this.other = members[(at + step) % length];
  }

  /** By share: `shares` is their sum. */
  drawByShare(members: readonly Member[], shares: number): void {
    this.one = this.#at(members, this.random() * shares, undefined);
    this.other = this.#at(members, this.random() * (shares - (this.one?.share ?? 0)), this.one);
  }

  #at(members: readonly Member[], share: number, except: Member | undefined): Member | undefined {
    let rest = share;
    let last: Member | undefined;
    for (let at = 0; at < members.length; at++) {
      const member = members[at]!;
      if (member === except) continue;
      last = member;
      rest -= member.share;
      if (rest < 0) return member;
    }
    return last;
  }
}
