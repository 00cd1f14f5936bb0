import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryServer } from './registry-server.js';

/** ConsulService: what `PUT /v1/agent/service/register` takes, as far as we use it. */
export interface ConsulService {
  ID: string;
  Name: string;
  Address: string;
  Port: number;
  Tags?: string[];
  Meta?: Record<string, string>;
  Weights?: { Passing: number; Warning: number };
  Check?: { CheckID?: string; TTL?: string; Status?: string; DeregisterCriticalServiceAfter?: string };
}

interface Registered {
  readonly service: ConsulService;
  readonly dc: string;
  status: 'passing' | 'warning' | 'critical';
  /** By the server's clock. */
  ttlEnds: number;
  criticalSince: number;
}

const nodeAddress = '127.0.0.9';
const unknownCheck = /^\/v1\/agent\/check\/(?<verb>pass|update)\/(?<id>.+)$/;

/**
 * ConsulServer: Consul's documented HTTP API as far as services need it: health with blocking queries (index, wait, up to a sixteenth more), `passing`, `dc`,
 * `tag`, `stale` and `cached`; registration with TTL checks and the reaping of critical services. Time passes by `pass`.
 */
export class ConsulServer extends RegistryServer {
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #services = new Map<string, Registered>();
  #now = 0;
  index = 10;
  /** Headers of health answers beside the index. */
  extra: Record<string, string> = {};
  leader = true;
  /** How many queries wait for a change. */
  blocked = 0;
  /** Answers this instead of anything else. */
  refusal: { status: number; headers?: Record<string, string>; text?: string } | undefined;

  /** What `PUT /v1/agent/service/register` does. */
  register(service: ConsulService, { dc = 'dc1', status = 'passing' as Registered['status'] } = {}): void {
    const { Check } = service;
    const initial = Check ? ((Check.Status ?? 'critical') as Registered['status']) : status;
    const ttlEnds = Check?.TTL ? this.#now + millisecondsOf(Check.TTL) : Infinity;
    this.#services.set(service.ID, { service, dc, status: initial, ttlEnds, criticalSince: this.#now });
    this.change();
  }

  deregister(id: string): boolean {
    const known = this.#services.delete(id);
    if (known) this.change();
    return known;
  }

  mark(id: string, status: Registered['status']): void {
    const registered = this.#services.get(id);
    if (!registered || registered.status === status) return;
    registered.status = status;
    registered.criticalSince = this.#now;
    this.change();
  }

  registered(id: string): ConsulService | undefined {
    return this.#services.get(id)?.service;
  }

  statusOf(id: string): string | undefined {
    return this.#services.get(id)?.status;
  }

  /** Something else than the result changed: blocking queries return without a change, which Consul says they may. */
  change(): void {
    this.index++;
    this.#changes.emit('change');
  }

  /** As after a restore: the index is lower than before. */
  goBackTo(index: number): void {
    this.index = index;
    this.#changes.emit('change');
  }

  /** Forgets every service, as an agent without a data folder that was started again. */
  forget(): void {
    this.#services.clear();
    this.change();
  }

  /** Time passes: TTL checks expire, and services that are critical for long enough (a minute at least) are reaped. */
  pass(ms: number): void {
    this.#now += ms;
    for (const [id, registered] of this.#services) {
      if (registered.ttlEnds <= this.#now) this.mark(id, 'critical');
      const after = registered.service.Check?.DeregisterCriticalServiceAfter;
      const reaped =
        after && registered.status === 'critical' && this.#now - registered.criticalSince >= Math.max(60_000, millisecondsOf(after));
      if (reaped) this.deregister(id);
    }
  }

  protected override answer(request: IncomingMessage, url: URL, response: ServerResponse, body: string): void | Promise<void> {
    if (this.refusal) return void response.writeHead(this.refusal.status, this.refusal.headers).end(this.refusal.text);
    const path = decodeURIComponent(url.pathname);
    if (request.method === 'GET' && path.startsWith('/v1/health/service/')) return this.#health(path.slice(19), url, response);
    if (request.method !== 'PUT') return this.json(response, 405);
    if (path === '/v1/agent/service/register') {
      this.register(JSON.parse(body) as ConsulService);
      return this.json(response, 200);
    }
    if (path.startsWith('/v1/agent/service/deregister/')) {
      const id = path.slice(29);
      return this.deregister(id) ? this.json(response, 200) : text(response, 404, `Unknown service ID "${id}"`);
    }
    this.#renew(path, response);
  }

  #renew(path: string, response: ServerResponse): void {
    const { id = '' } = unknownCheck.exec(path)?.groups ?? {};
    const registered = [...this.#services.values()].find(({ service }) => (service.Check?.CheckID ?? `service:${service.ID}`) === id);
    if (!registered?.service.Check?.TTL) return text(response, 404, `Unknown check ID "${id}"`);
    registered.ttlEnds = this.#now + millisecondsOf(registered.service.Check.TTL);
    this.mark(registered.service.ID, 'passing');
    this.json(response, 200);
  }

  async #health(name: string, { searchParams: query }: URL, response: ServerResponse): Promise<void> {
    if (query.has('cached') && query.has('consistent')) return text(response, 400, 'cannot combine ?cached and ?consistent');
    if (!this.leader && !query.has('stale')) return text(response, 500, 'No cluster leader');
    const index = Number(query.get('index') ?? 0);
    if (index > 0) await this.#unless(() => this.index > index || this.index < index, millisecondsOf(query.get('wait') ?? '5m'), response);
    if (response.destroyed) return;
    const entries = [...this.#services.values()]
      .filter(
        ({ service, dc, status }) =>
          service.Name === name && dc === (query.get('dc') ?? 'dc1') && (!query.has('passing') || status === 'passing'),
      )
      .filter(({ service }) => query.getAll('tag').every((tag) => service.Tags?.includes(tag)))
      .map(({ service, status }) => ({
        Node: { Node: 'node1', Address: nodeAddress, Datacenter: 'dc1' },
        Service: { ...service, Weights: service.Weights ?? { Passing: 1, Warning: 1 }, Meta: service.Meta ?? {} },
        Checks: [{ CheckID: `service:${service.ID}`, Status: status }],
      }));
    const headers = { 'x-consul-index': String(this.index), 'x-consul-knownleader': String(this.leader), 'x-consul-lastcontact': '0' };
    this.json(response, 200, entries, { ...headers, ...this.extra });
  }

  /** Waits for a change, `waitMs` and up to a sixteenth more at most. */
  async #unless(changed: () => boolean, waitMs: number, response: ServerResponse): Promise<void> {
    const ending = new AbortController();
    response.on('close', () => ending.abort());
    const timer = setTimeout(() => ending.abort(), waitMs * (1 + Math.random() / 16));
    this.blocked++;
    this.#changes.emit('blocked');
    while (!changed() && !ending.signal.aborted) await once(this.#changes, 'change', { signal: ending.signal }).catch(() => undefined);
    this.blocked--;
    clearTimeout(timer);
  }
}

function text(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(message);
}

function millisecondsOf(duration: string): number {
  const { amount, unit } = /^(?<amount>\d+)(?<unit>ms|s|m)$/.exec(duration)?.groups ?? {};
  if (!amount) throw new Error(`${duration} is no duration of Go's`);
  return Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
}
