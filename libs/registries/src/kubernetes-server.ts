import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryServer } from './registry-server.js';

/** EndpointSlice: as much of discovery.k8s.io/v1 as counts here. */
export interface EndpointSlice {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>>; resourceVersion?: string };
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
    readonly zone?: string;
  }[];
}

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: object;
  readonly version: number;
}

const kind = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };
const collection = /^\/apis\/discovery\.k8s\.io\/v1\/namespaces\/(?<namespace>[^/]+)\/endpointslices$/;
const expired = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', message: 'too old resource version', code: 410 };

/**
 * KubernetesServer: Kubernetes' documented API of EndpointSlices in the namespace `chat`: lists by label with `limit` and `continue`, watches from a
 * resourceVersion as chunked lines, BOOKMARK, 410 Gone as a status and as an event, `timeoutSeconds`, bearer tokens.
 */
export class KubernetesServer extends RegistryServer {
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #slices = new Map<string, EndpointSlice>();
  #history: Change[] = [];
  #version = 100;
  /** What is older is forgotten: a watch from there is 410 Gone. */
  #oldest = 100;
  token: string | undefined;
  /** How many watches are open. */
  watching = 0;
  /** Expired `continue` tokens are refused from now on. */
  continueExpires = false;
  /** How a watch that is too old is told: before it begins, or as its first event. */
  goneAs: 'status' | 'event' = 'status';

  /** Creates or replaces a slice of `rooms-service`. */
  apply(name: string, slice: Partial<EndpointSlice>, service = 'rooms-service'): void {
    const resourceVersion = String(++this.#version);
    const object: EndpointSlice = {
      ...kind,
      addressType: 'IPv4',
      ports: [{ name: 'grpc', port: 5052 }],
      endpoints: [],
      ...slice,
      metadata: { name, labels: { 'kubernetes.io/service-name': service }, resourceVersion },
    };
    this.#record(this.#slices.has(name) ? 'MODIFIED' : 'ADDED', object);
    this.#slices.set(name, object);
  }

  remove(name: string): void {
    const slice = this.#slices.get(name);
    if (!slice) return;
    this.#slices.delete(name);
    this.#version++;
    this.#record('DELETED', { ...slice, metadata: { ...slice.metadata, resourceVersion: String(this.#version) } });
  }

  /** Something else in the cluster changed so often that the version is far ahead; with `tell`, watches hear of it by a bookmark. */
  elsewhere(tell: boolean): void {
    this.#version += 1_000;
    if (tell) this.#record('BOOKMARK', { ...kind, metadata: { resourceVersion: String(this.#version), creationTimestamp: null } });
  }

  /** Compaction: all that happened until now cannot be watched from any more. */
  compact(): void {
    this.#oldest = this.#version;
    this.#history = [];
  }

  /** Ends all watches in order, as at their timeout. */
  endWatches(): void {
    this.#changes.emit('end');
  }

  /** Sends a line to all watches. */
  say(line: string): void {
    this.#changes.emit('line', line);
  }

  protected override answer(request: IncomingMessage, url: URL, response: ServerResponse): void {
    const { namespace } = collection.exec(url.pathname)?.groups ?? {};
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`)
      return this.#status(response, 401, 'Unauthorized');
    if (namespace !== 'chat') return this.#status(response, 404, 'NotFound');
    const label = url.searchParams.get('labelSelector') ?? '';
    if (url.searchParams.get('watch') === 'true') return void this.#watch(url.searchParams, label, response);
    this.#list(url.searchParams, label, response);
  }

  #list(query: URLSearchParams, label: string, response: ServerResponse): void {
    const all = [...this.#slices.values()].filter((slice) => matches(slice, label));
    const limit = Math.min(Number(query.get('limit') ?? Infinity), 2);
    const { from, version } = query.has('continue')
      ? (JSON.parse(query.get('continue') ?? '') as { from: number; version: number })
      : { from: 0, version: this.#version };
    if (query.has('continue') && this.continueExpires) {
      this.continueExpires = false;
      return this.json(response, 410, expired);
    }
    const more = from + limit < all.length;
    const metadata = { resourceVersion: String(version), ...(more && { continue: JSON.stringify({ from: from + limit, version }) }) };
    this.json(response, 200, { kind: 'EndpointSliceList', apiVersion: kind.apiVersion, metadata, items: all.slice(from, from + limit) });
  }

  async #watch(query: URLSearchParams, label: string, response: ServerResponse): Promise<void> {
    const since = Number(query.get('resourceVersion'));
    const tooOld = since < this.#oldest;
    if (tooOld && this.goneAs === 'status') return this.json(response, 410, expired);
    response.writeHead(200, { 'content-type': 'application/json' });
    if (tooOld) return void response.end(`${JSON.stringify({ type: 'ERROR', object: expired })}\n`);
    response.flushHeaders();
    const bookmarks = query.get('allowWatchBookmarks') === 'true';
    const tell = ({ type, object }: Change) => {
      if (type === 'BOOKMARK' ? !bookmarks : !matches(object as EndpointSlice, label)) return;
      const line = `${JSON.stringify({ type, object })}\n`;
      // Chunks know nothing of lines.
      response.write(line.slice(0, 20));
      response.write(line.slice(20));
    };
    const say = (line: string) => response.write(line);
    this.#history.filter(({ version, type }) => version > since && type !== 'BOOKMARK').forEach(tell);
    this.#changes.on('change', tell).on('line', say);
    this.watching++;
    const timer = setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? 1_800) * 1_000);
    const end = () => response.end();
    this.#changes.once('end', end);
    await once(response, 'close');
    clearTimeout(timer);
    this.watching--;
    this.#changes.off('change', tell).off('line', say).off('end', end);
  }

  #record(type: Change['type'], object: object): void {
    const change = { type, object, version: this.#version };
    this.#history.push(change);
    this.#changes.emit('change', change);
  }

  #status(response: ServerResponse, code: number, reason: string): void {
    this.json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message: reason, code });
  }
}

function matches({ metadata }: EndpointSlice, selector: string): boolean {
  const [name = '', value] = selector.split('=');
  return selector === '' || metadata.labels[name] === value;
}
