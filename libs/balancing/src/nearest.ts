import type { Chooser } from './chooser.js';
import type { Member } from './member.js';
import type { NearestOptions } from './options.js';
import { Turns } from './turns.js';

/** Group: the members of one zone, or of all others. */
interface Group {
  readonly turns: Turns;
  seated: readonly Member[];
  /** The part of its instances that are well. */
  health: number;
}

const groupOf = (): Group => ({ turns: new Turns(), seated: [], health: 0 });

/**
 * Nearest: calls stay in the zone of this process, in turns by weight, and spill over to the others little by little: as its instances fail
 * (its healthy share, overprovisioned, as Envoy's priority levels do it), and as more than `busyItems` are in flight for each of them.
 */
export class Nearest implements Chooser {
  readonly #zone: string | undefined;
  readonly #overprovision: number;
  readonly #busyItems: number;
  readonly #all: () => readonly Member[];
  readonly #near = groupOf();
  readonly #far = groupOf();
  #healthyShare = 1;
  /** The part of the calls that stays, as last picked. */
  #staying = 1;
  /** What the zone is owed of the calls, in items; the others are owed as much less. */
  #owed = 0;

  /** `all` gives the whole table, those that take no calls included. */
  constructor(zone: string | undefined, { overprovision = 1.4, busyItems = 100 }: Partial<NearestOptions>, all: () => readonly Member[]) {
    this.#zone = zone;
    this.#overprovision = overprovision;
    this.#busyItems = busyItems;
    this.#all = all;
  }

  get breadth(): number {
    const near = this.#near.seated.length;
    return this.#stays() === 1 && near > 0 ? near : near + this.#far.seated.length;
  }

  seat(members: readonly Member[]): void {
    const isNear = ({ endpoint }: Member) => this.#zone === undefined || endpoint.zone === this.#zone;
    fill(this.#near, members.filter(isNear), this.#all().filter(isNear));
    fill(this.#far, members.filter((member) => !isNear(member)), this.#all().filter((member) => !isNear(member))); // prettier-ignore
    this.#healthyShare = this.#stayingByHealth();
    this.#owed = 0;
  }

  pick(items: number, key: string | undefined, except: Member | undefined): Member | undefined {
    this.#staying = this.#stays();
    const [first, second] = this.#staysNow(items) ? [this.#near, this.#far] : [this.#far, this.#near];
    return first.turns.pick(items, key, except) ?? second.turns.pick(items, key, except);
  }

  departed(member: Member, items: number): void {
    const isNear = this.#near.seated.includes(member);
    if (!isNear && !this.#far.seated.includes(member)) return;
    (isNear ? this.#near : this.#far).turns.departed(member, items);
    if (this.#staying === 0 || this.#staying === 1) this.#owed = 0;
    else this.#owed += (this.#staying - (isNear ? 1 : 0)) * items;
  }

  #staysNow(items: number): boolean {
    if (this.#staying === 0 || this.#staying === 1) return this.#staying === 1;
    return this.#owed + this.#staying * items >= -this.#owed + (1 - this.#staying) * items;
  }

  #stayingByHealth(): number {
    const { seated: near, health } = this.#near;
    const { seated: far, health: farHealth } = this.#far;
    if (far.length === 0) return 1;
    if (near.length === 0) return 0;
    const stays = Math.min(1, this.#overprovision * health);
    const goes = Math.min(1 - stays, this.#overprovision * farHealth);
    return stays + goes > 0 ? stays / (stays + goes) : 1;
  }

  /** What health leaves in the zone, less what its load drives out: nothing where the others are as busy. */
  #stays(): number {
    const healthy = this.#healthyShare;
    if (healthy === 0 || this.#far.seated.length === 0) return healthy;
    const load = loadOf(this.#near.seated);
    if (load <= this.#busyItems || load <= loadOf(this.#far.seated)) return healthy;
    return healthy * Math.max(0, 2 - load / this.#busyItems);
  }
}

function fill(group: Group, seated: readonly Member[], all: readonly Member[]): void {
  group.seated = seated;
  group.turns.seat(seated);
  group.health = all.filter(({ able, ejected }) => able && !ejected).length / Math.max(1, all.length);
}

/** Items in flight for each instance of weight 1. */
function loadOf(members: readonly Member[]): number {
  let items = 0;
  let shares = 0;
  for (let at = 0; at < members.length; at++) {
    items += members[at]!.inFlight;
    shares += members[at]!.share;
  }
  return items / shares;
}
