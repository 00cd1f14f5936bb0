import type { Chooser } from './chooser.js';
import type { Member } from './member.js';
import type { HashOptions } from './options.js';
import { Turns } from './turns.js';

const rounding = 1e-9;

/**
 * IpHash: consistent hashing with bounded loads (V. Mirrokni, M. Thorup, M. Zadimoghaddam, 2018) over rendezvous hashing (D. Thaler, C. Ravishankar,
 * 1998): each key has its own order of the instances, and goes to the first one that has room. One that goes takes only its own keys with
 * it. Room is ⌈(1 + ε) × its share of all items in flight, those that leave included⌉. A batch that fits nowhere whole goes to the first that
 * has any room, and an idle instance always has some. Without a key it is a turn's. O(n).
 */
export class IpHash implements Chooser {
  readonly #epsilon: number;
  readonly #turns = new Turns();
  #members: readonly Member[] = [];
  #hashes = new Uint32Array();
  #shares = 0;
  #even = true;

  constructor({ epsilon = 0.25 }: Partial<HashOptions>) {
    this.#epsilon = epsilon;
  }

  seat(members: readonly Member[]): void {
    this.#turns.seat(members);
    this.#members = members;
    this.#hashes = Uint32Array.from(members, ({ address }) => hashOf(address));
    this.#shares = members.reduce((sum, { share }) => sum + share, 0);
    this.#even = members.every(({ weight }) => weight === members[0]?.weight);
  }

  departed(member: Member, items: number): void {
    this.#turns.departed(member, items);
  }

  homeOf(key: string): Member | undefined {
    const hash = hashOf(key);
    let home: Member | undefined;
    let best = -1;
    for (let at = 0; at < this.#members.length; at++) {
      const score = this.#score(at, hash);
      if (score <= best) continue;
      home = this.#members[at];
      best = score;
    }
    return home;
  }

  pick(items: number, key: string | undefined, except: Member | undefined): Member | undefined {
    if (key === undefined) return this.#turns.pick(items, key, except);
    const members = this.#members;
    const hash = hashOf(key);
    const perShare = this.#bound(items);
    let fits = -1;
    let fitsBest = -1;
    let some = -1;
    let someBest = -1;
    let any = -1;
    let anyBest = -1;
    for (let at = 0; at < members.length; at++) {
      const { inFlight, share } = members[at]!;
      if (members[at] === except) continue;
      const score = this.#score(at, hash);
      const room = Math.ceil(share * perShare - rounding) - inFlight;
      if (score > fitsBest && (room >= items || inFlight === 0)) {
        fits = at;
        fitsBest = score;
      }
      if (score > someBest && room > 0) {
        some = at;
        someBest = score;
      }
      if (score > anyBest) {
        any = at;
        anyBest = score;
      }
    }
    return members[fits >= 0 ? fits : some >= 0 ? some : any];
  }

  /** Items that an instance may have in flight for each of its share. */
  #bound(items: number): number {
    let inFlight = items;
    for (let at = 0; at < this.#members.length; at++) inFlight += this.#members[at]!.inFlight;
    return ((1 + this.#epsilon) * inFlight) / this.#shares;
  }

  /** The greatest one is first; by weight where they differ (weighted rendezvous hashing), which has its price. */
  #score(at: number, hash: number): number {
    const mixed = mix(this.#hashes[at]! ^ hash);
    return this.#even ? mixed : this.#members[at]!.weight / -Math.log((mixed + 0.5) / 2 ** 32);
  }
}

/** FNV-1a over UTF-16, mixed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash);
}

/** The finalizer of MurmurHash3. */
function mix(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
