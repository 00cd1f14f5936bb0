/** Endpoint: one instance of a service, as a registry tells of it. */
export interface Endpoint {
  /** `host:port`; IPv6 in brackets. */
  readonly address: string;
  readonly zone?: string | undefined;
  /** Its share of the calls against those of the others; 1 unless told. */
  readonly weight?: number | undefined;
  readonly version?: string | undefined;
}

/** ToldInstance: what a registry says of an instance, before anybody has checked it. */
export interface ToldInstance {
  readonly host: unknown;
  readonly port: unknown;
  readonly zone?: unknown;
  readonly weight?: unknown;
  readonly version?: unknown;
}

const hosts = /^[^\s:,;/?#@[\]]+$/;
const ipv6 = /^[0-9a-fA-F:.]+$/;
const maximalWeight = 65_535;

/** endpointFrom: the endpoint that a registry tells of, or undefined where its host or its port is none. What else is odd about it counts as not told. */
export function endpointFrom({ host, port, zone, weight, version }: ToldInstance): Endpoint | undefined {
  const at = Number(port);
  if (typeof host !== 'string' || !Number.isInteger(at) || at < 1 || at > 65_535) return undefined;
  const isIpv6 = host.includes(':');
  if (!(isIpv6 ? ipv6 : hosts).test(host)) return undefined;
  return {
    address: isIpv6 ? `[${host}]:${at}` : `${host}:${at}`,
    ...given('zone', textOf(zone)),
    ...given('weight', weightOf(weight)),
    ...given('version', textOf(version)),
  };
}

/** tableOf: endpoints in the order of their addresses, each address once: the first that tells of it counts. */
export function tableOf(endpoints: Iterable<Endpoint | undefined>): readonly Endpoint[] {
  const byAddress = new Map<string, Endpoint>();
  for (const endpoint of endpoints) if (endpoint && !byAddress.has(endpoint.address)) byAddress.set(endpoint.address, endpoint);
  return [...byAddress.values()].sort((one, other) => (one.address < other.address ? -1 : 1));
}

/** sameTable: whether two tables say the same. */
export function sameTable(one: readonly Endpoint[], other: readonly Endpoint[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ address, zone, weight, version }, index) => {
      const twin = other[index];
      return address === twin?.address && zone === twin.zone && weight === twin.weight && version === twin.version;
    })
  );
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 100 ? value : undefined;
}

function weightOf(value: unknown): number | undefined {
  const weight = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof weight === 'number' && weight > 0 && weight <= maximalWeight ? weight : undefined;
}
