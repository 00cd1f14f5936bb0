import { z } from 'zod';
import { endpointFrom, type Endpoint } from './endpoint.js';

const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]), z.array(item));

const Port = z.object({ $: z.unknown(), '@enabled': z.unknown() }).optional();
const Instance = z.object({
  instanceId: z.string().optional(),
  hostName: z.string(),
  ipAddr: z.string().optional(),
  status: z.string(),
  actionType: z.string().optional(),
  port: Port,
  securePort: Port,
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
type Instance = z.infer<typeof Instance>;

const Answer = z.object({
  applications: z.object({
    apps__hashcode: z.string().default(''),
    application: oneOrMore(z.object({ name: z.string(), instance: oneOrMore(Instance) })),
  }),
});

/** Applications: what `GET /apps` and `GET /apps/delta` answer. */
export type Applications = z.infer<typeof Answer>['applications'];

/** applicationsIn: an answer, read. Throws where it is none. */
export function applicationsIn(body: unknown): Applications {
  return Answer.parse(body).applications;
}

interface Known {
  readonly application: string;
  readonly status: string;
  readonly endpoint: Endpoint | undefined;
  /** Gone since the registry was away: kept until then, in milliseconds of the clock. */
  readonly keptUntil?: number;
}

/** EurekaRegistry: a copy of what a Eureka server holds: the state of every instance, and the endpoints of one application. */
export class EurekaRegistry {
  readonly #application: string;
  #known = new Map<string, Known>();
  #kept = new Map<string, Known & { keptUntil: number }>();

  constructor(application: string) {
    this.#application = application.toUpperCase();
  }

  /**
   * The server holds just this. With `keepUntil` it may have forgotten who was there, since it was away: those of our application that it does not name
   * any more are kept until then.
   */
  replace({ application }: Applications, keepUntil?: number): void {
    const before = this.#known;
    this.#known = new Map();
    for (const { name, instance } of application) for (const one of instance) this.#add(name, one);
    if (keepUntil === undefined) return;
    for (const [id, known] of before)
      if (known.endpoint && known.status === 'UP' && !this.#known.has(id)) this.#kept.set(id, { ...known, keptUntil: keepUntil });
  }

  /** The server tells of changes; it tells them several times. */
  change({ application }: Applications): void {
    for (const { name, instance } of application) {
      for (const one of instance) {
        if (one.actionType !== 'DELETED') this.#add(name, one);
        else {
          this.#known.delete(idOf(name, one));
          this.#kept.delete(idOf(name, one));
        }
      }
    }
  }

  /** How many instances are in each state, as the server writes it: `DOWN_1_UP_12_`. */
  get hashcode(): string {
    const counts = new Map<string, number>();
    for (const { status } of this.#known.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
    return [...counts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([status, count]) => `${status}_${count}_`)
      .join('');
  }

  /** The instances of our application that are UP, and those that are kept for a while. */
  endpoints(now: number): (Endpoint | undefined)[] {
    for (const [id, { keptUntil }] of this.#kept) if (keptUntil <= now || this.#known.has(id)) this.#kept.delete(id);
    const up = [...this.#known.values()].filter(({ status }) => status === 'UP');
    return [...up, ...this.#kept.values()].map(({ endpoint }) => endpoint);
  }

  #add(application: string, instance: Instance): void {
    const { status } = instance;
    const ours = application.toUpperCase() === this.#application;
    this.#known.set(idOf(application, instance), { application, status, endpoint: ours ? endpointOf(instance) : undefined });
  }
}

function idOf(application: string, { instanceId, hostName }: Instance): string {
  return `${application.toUpperCase()}/${instanceId ?? hostName}`;
}

function endpointOf({ hostName, ipAddr, port, securePort, metadata }: Instance): Endpoint | undefined {
  const open = isEnabled(port) ? port : isEnabled(securePort) ? securePort : undefined;
  return endpointFrom({
    host: ipAddr || hostName,
    port: open?.$,
    zone: metadata?.['zone'],
    weight: metadata?.['weight'],
    version: metadata?.['version'],
  });
}

function isEnabled(port: Instance['port']): boolean {
  return String(port?.['@enabled']) === 'true';
}
