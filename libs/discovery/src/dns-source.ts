import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { endpointFrom, type Endpoint } from './endpoint.js';
import type { MakeSource } from './source.js';

const form =
  'dns:host:port, or dns:_service._tcp.name for SRV records; //server:port/ after dns: asks that name server, ?interval-ms= says how often';
const target = /^dns:(?:\/\/(?<server>[^/?]+)\/)?(?<name>[^\s/:?]+)(?::(?<port>\d{1,5}))?(?:\?interval-ms=(?<interval>[1-9]\d{0,8}))?$/;

const usualIntervalMs = 800;
const answerMs = 4_000;
const absent = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * dnsSource: the addresses of a name (A, or AAAA where there is no A), or the targets of its SRV records, those of the best priority alone (RFC 2782); asked
 * again on an interval, whether anybody waits or not. A name that does not exist has no instances; a name server that does not know is away.
 */
export const dnsSource: MakeSource = (text, { table, random }) => {
  const { server, name = '', port, interval } = target.exec(text)?.groups ?? {};
  const isService = name.startsWith('_');
  if (!name || isService === (port !== undefined) || Number(port) > 65_535 || Number(port) === 0)
    throw new Error(`The target ${text} must be ${form}`);
  if (isIP(name)) throw new Error(`The target ${text} names an address, which no name server is asked for; use static:`);
  const intervalMs = interval === undefined ? usualIntervalMs : Number(interval);
  const names = new Names(server);
  return {
    look: async (signal) => {
      table.tell(isService ? await names.serviceOf(name, signal) : await names.instancesOf(name, Number(port), signal));
      return intervalMs * (0.75 + random() / 4);
    },
    close: () => names.close(),
  };
};

/** Names: what a name server says. */
class Names {
  readonly #resolver = new Resolver({ timeout: 1_000, tries: 2 });
  /** What the targets of SRV records were when last known. */
  #lastKnown = new Map<string, readonly string[]>();

  constructor(server: string | undefined) {
    if (server !== undefined) this.#resolver.setServers([server]);
  }

  async instancesOf(name: string, port: number, signal: AbortSignal): Promise<(Endpoint | undefined)[]> {
    const hosts = await this.#inTime(this.#addressesOf(name), signal);
    return hosts.map((host) => endpointFrom({ host, port }));
  }

  async serviceOf(name: string, signal: AbortSignal): Promise<(Endpoint | undefined)[]> {
    return this.#inTime(this.#serviceOf(name), signal);
  }

  close(): void {
    this.#resolver.cancel();
  }

  async #serviceOf(name: string): Promise<(Endpoint | undefined)[]> {
    const records = await unlessAbsent(this.#resolver.resolveSrv(name));
    const best = Math.min(...records.map(({ priority }) => priority));
    // A target of `.` says that there is no such service.
    const used = records.filter((record) => record.priority === best && record.name !== '' && record.name !== '.');
    const hosts = await this.#targetsOf([...new Set(used.map((record) => record.name))]);
    return used.flatMap(({ name: host, port, weight }) => (hosts.get(host) ?? []).map((at) => endpointFrom({ host: at, port, weight })));
  }

  /** The addresses of each name. One that cannot be resolved now keeps those it had; where that is so of all, the name server is away. */
  async #targetsOf(names: readonly string[]): Promise<Map<string, readonly string[]>> {
    const outcomes = await Promise.allSettled(names.map((name) => this.#addressesOf(name)));
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    if (failed[0] && failed.length === names.length) throw failed[0].reason;
    const known = outcomes.map((outcome, index): [string, readonly string[]] => {
      const name = names[index] ?? '';
      return [name, outcome.status === 'fulfilled' ? outcome.value : (this.#lastKnown.get(name) ?? [])];
    });
    return (this.#lastKnown = new Map(known));
  }

  async #addressesOf(name: string): Promise<string[]> {
    const addresses = await unlessAbsent(this.#resolver.resolve4(name));
    return addresses.length > 0 ? addresses : unlessAbsent(this.#resolver.resolve6(name));
  }

  async #inTime<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
    const cancel = () => this.#resolver.cancel();
    const timer = setTimeout(cancel, answerMs).unref();
    signal.addEventListener('abort', cancel);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  }
}

async function unlessAbsent<Value>(answer: Promise<Value[]>): Promise<Value[]> {
  try {
    return await answer;
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
