import type { Landing, Member } from './member.js';

/** Chooser: one balancing policy, over the members that may take calls just now. */
export interface Chooser {
  /** Who may take calls, or a share of theirs, is another. */
  seat(members: readonly Member[]): void;
  /** Chooses among at least two members, never `except`. Allocates nothing. */
  pick(items: number, key: string | undefined, except: Member | undefined): Member | undefined;
  departed?(member: Member, items: number): void;
  landed?(member: Member, ms: number, landing: Landing, now: number): void;
  homeOf?(key: string): Member | undefined;
  /** How many of the members take calls; all unless told. */
  readonly breadth?: number;
}
