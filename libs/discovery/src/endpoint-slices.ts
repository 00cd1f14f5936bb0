import { z } from 'zod';
import { endpointFrom, type Endpoint } from './endpoint.js';

const Metadata = z.object({ name: z.string().default(''), resourceVersion: z.string().optional(), continue: z.string().optional() });

const Slice = z.object({
  metadata: Metadata,
  addressType: z.string().default('IPv4'),
  ports: z.array(z.object({ name: z.string().nullish(), port: z.number().nullish() })).nullish(),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().nullish() }).nullish(),
        zone: z.string().nullish(),
      }),
    )
    .nullish(),
});
type Slice = z.infer<typeof Slice>;

const List = z.object({ metadata: Metadata, items: z.array(Slice).nullish() });
const Event = z.object({ type: z.string(), object: z.unknown() });
const Status = z.object({ code: z.number().default(0), message: z.string().default('') });

/** SliceList: one page of slices; `next` asks for the one after it. */
export interface SliceList {
  readonly slices: readonly Slice[];
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

/** listIn: a page of a list, read. Throws where it is none. */
export function listIn(body: unknown): SliceList {
  const { metadata, items } = List.parse(body);
  return { slices: items ?? [], resourceVersion: metadata.resourceVersion ?? '', next: metadata.continue || undefined };
}

/** WatchEvent: one line of a watch. */
export type WatchEvent =
  | { readonly type: 'changed' | 'deleted'; readonly slice: Slice; readonly resourceVersion: string | undefined }
  | { readonly type: 'bookmark'; readonly resourceVersion: string | undefined }
  | { readonly type: 'error'; readonly code: number; readonly message: string };

/** eventIn: a line of a watch, read; undefined for a kind that we do not know. Throws where it is none. */
export function eventIn(line: string): WatchEvent | undefined {
  const { type, object } = Event.parse(JSON.parse(line));
  if (type === 'ERROR') return { type: 'error', ...Status.parse(object) };
  if (type === 'BOOKMARK') {
    const { metadata } = z.object({ metadata: Metadata }).parse(object);
    return { type: 'bookmark', resourceVersion: metadata.resourceVersion };
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return undefined;
  const slice = Slice.parse(object);
  return { type: type === 'DELETED' ? 'deleted' : 'changed', slice, resourceVersion: slice.metadata.resourceVersion };
}

/** EndpointSlices: the slices of one service. */
export class EndpointSlices {
  readonly #port: string | undefined;
  #slices = new Map<string, Slice>();

  /** `port`: the name or the number of the port that is meant; the only one, unless given. */
  constructor(port: string | undefined) {
    this.#port = port;
  }

  /** There are just these. */
  replace(slices: readonly Slice[]): void {
    this.#slices = new Map(slices.map((slice) => [slice.metadata.name, slice]));
  }

  change(slice: Slice): void {
    this.#slices.set(slice.metadata.name, slice);
  }

  remove(slice: Slice): void {
    this.#slices.delete(slice.metadata.name);
  }

  /** Those who are ready; an endpoint that says nothing is. A service of both families has each of its pods twice: those of IPv4 count then. */
  get endpoints(): (Endpoint | undefined)[] {
    const slices = [...this.#slices.values()];
    const ofIpv4 = slices.filter(({ addressType }) => addressType === 'IPv4').flatMap((slice) => this.#readyIn(slice));
    return ofIpv4.length > 0 ? ofIpv4 : slices.flatMap((slice) => this.#readyIn(slice));
  }

  #readyIn({ endpoints, ports }: Slice): (Endpoint | undefined)[] {
    const port = this.#portIn(ports ?? []);
    if (port === undefined) return [];
    return (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .map(({ addresses: [host], zone }) => endpointFrom({ host, port, zone }));
  }

  #portIn(ports: NonNullable<Slice['ports']>): number | undefined {
    const meant = this.#port === undefined ? ports.slice(0, ports.length === 1 ? 1 : 0) : ports.filter((port) => this.#isMeant(port));
    return meant[0]?.port ?? undefined;
  }

  #isMeant({ name, port }: { readonly name?: string | null | undefined; readonly port?: number | null | undefined }): boolean {
    return name === this.#port || String(port) === this.#port;
  }
}
