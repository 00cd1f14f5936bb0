import type { Member } from '@facet/balancing';
import { GrpcStatus } from '@facet/errors';
import { connectivityState, experimental, Metadata } from '@grpc/grpc-js';
import type { Roster } from './roster.js';

/** memberHeader: names the member that a call is for; taken off again before the call goes on the wire. */
export const memberHeader = 'facet-member';
/** rosterKey: the channel option that holds the roster. */
export const rosterKey = 'facet.roster';
/** fleetTarget: what a channel over a roster connects to. */
export const fleetTarget = 'facet-fleet:members';

const policyName = 'facet_fleet';
/** fleetServiceConfig: the service config that chooses our load-balancing policy. */
export const fleetServiceConfig = JSON.stringify({ loadBalancingConfig: [{ [policyName]: {} }], methodConfig: [] });

const { CONNECTING, IDLE, READY, TRANSIENT_FAILURE } = connectivityState;
const { createChildChannelControlHelper, LeafLoadBalancer, splitHostPort, statusOrFromValue } = experimental;
type Helper = experimental.ChannelControlHelper;
type Leaf = experimental.LeafLoadBalancer;

/** Resolves to the members of the roster that the channel was given, and again whenever they change. */
class RosterResolver implements experimental.Resolver {
  readonly #roster: Roster;
  #leave: (() => void) | undefined;

  constructor(
    _target: experimental.GrpcUri,
    private readonly listener: experimental.ResolverListener,
    options: Readonly<Record<string, unknown>>,
  ) {
    this.#roster = options[rosterKey] as Roster;
  }

  static getDefaultAuthority(): string {
    return 'facet';
  }

  updateResolution(): void {
    this.#leave ??= this.#roster.onChange(() => this.#tell());
    setImmediate(() => this.#leave && this.#tell());
  }

  destroy(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  #tell(): void {
    const endpoints = this.#roster.fleet.members.map((member) => ({ addresses: [addressOf(member)] }));
    this.listener(statusOrFromValue(endpoints), {}, null, '');
  }
}

/** Keeps a connection to each member, tells the fleet which stand, and sends each call where the engine had decided. */
class FleetBalancer implements experimental.LoadBalancer {
  readonly #leaves = new Map<Member, Leaf>();
  readonly #standing = new Set<Member>();
  readonly #children: Helper;
  #roster: Roster | undefined;
  #paused = false;

  constructor(private readonly helper: Helper) {
    this.#children = createChildChannelControlHelper(helper, { updateState: () => this.#publish() });
  }

  updateAddressList(
    _endpoints: unknown,
    _config: experimental.TypedLoadBalancingConfig,
    options: Readonly<Record<string, unknown>>,
    note: string,
  ): boolean {
    this.#roster = options[rosterKey] as Roster;
    const members = new Set(this.#roster.fleet.members);
    this.#paused = true;
    for (const member of this.#leaves.keys()) if (!members.has(member)) this.#drop(member);
    for (const member of members) {
      if (this.#leaves.has(member)) continue;
      const leaf = new LeafLoadBalancer({ addresses: [addressOf(member)] }, this.#children, options, note);
      this.#leaves.set(member, leaf);
      leaf.startConnecting();
    }
    this.#paused = false;
    this.#publish();
    return true;
  }

  exitIdle(): void {
    for (const leaf of this.#leaves.values()) leaf.exitIdle();
  }

  resetBackoff(): void {}

  destroy(): void {
    this.#paused = true;
    for (const member of this.#leaves.keys()) this.#drop(member);
  }

  getTypeName(): string {
    return policyName;
  }

  /** Calls that are on their way stay on their connection until they end. */
  #drop(member: Member): void {
    this.#leaves.get(member)?.destroy();
    this.#leaves.delete(member);
    this.#standing.delete(member);
  }

  #publish(): void {
    if (this.#paused) return;
    this.#reconnect();
    const states = Array.from(this.#leaves, ([member, leaf]) => [member, leaf.getConnectivityState()] as const);
    const anyReady = states.some(([, state]) => state === READY);
    const anyConnecting = states.some(([, state]) => state === CONNECTING);
    // Before the first of them stands, whoever is still being connected to is worth waiting for.
    for (const [member, state] of states) member.reachable = state === READY || (!anyReady && state === CONNECTING);
    const overall = anyReady ? READY : anyConnecting ? CONNECTING : TRANSIENT_FAILURE;
    this.helper.updateState(overall, new FleetPicker(this.#leaves), overall === TRANSIENT_FAILURE ? 'No member is reachable' : null);
    for (const [member, state] of states) this.#stand(member, state === READY);
  }

  #stand(member: Member, stands: boolean): void {
    if (stands === this.#standing.has(member)) return;
    if (stands) this.#standing.add(member);
    else this.#standing.delete(member);
    this.#roster?.connection(member, stands);
  }

  /** A connection that ended is opened again at once: calls must not have to wait for it. */
  #reconnect(): void {
    this.#paused = true;
    for (const leaf of this.#leaves.values()) if (leaf.getConnectivityState() === IDLE) leaf.exitIdle();
    this.#paused = false;
  }
}

class FleetPicker implements experimental.Picker {
  readonly #byAddress: ReadonlyMap<string, Leaf>;

  constructor(leaves: ReadonlyMap<Member, Leaf>) {
    this.#byAddress = new Map(Array.from(leaves, ([{ address }, leaf]) => [address, leaf]));
  }

  pick(asked: experimental.PickArgs): experimental.PickResult {
    const [address] = asked.metadata.get(memberHeader);
    asked.metadata.remove(memberHeader);
    const leaf = this.#byAddress.get(String(address));
    return leaf ? leaf.getPicker().pick(asked) : gone;
  }
}

const gone: experimental.PickResult = {
  pickResultType: experimental.PickResultType.TRANSIENT_FAILURE,
  subchannel: null,
  status: { code: GrpcStatus.UNAVAILABLE, details: 'The member has left the fleet', metadata: new Metadata() },
  onCallStarted: null,
  onCallEnded: null,
};

class FleetConfig implements experimental.TypedLoadBalancingConfig {
  static createFromJson(): FleetConfig {
    return new FleetConfig();
  }

  getLoadBalancerName(): string {
    return policyName;
  }

  toJsonObject(): object {
    return { [policyName]: {} };
  }
}

function addressOf({ address }: Member): { host: string; port: number } {
  const split = splitHostPort(address);
  if (split?.port === undefined) throw new Error(`${address} is not host:port`);
  return { host: split.host, port: split.port };
}

experimental.registerResolver('facet-fleet', RosterResolver);
experimental.registerLoadBalancerType(policyName, FleetBalancer, FleetConfig);
