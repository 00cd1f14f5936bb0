import { existsSync } from 'node:fs';
import { EndpointSlices, eventIn, listIn, type WatchEvent } from './endpoint-slices.js';
import { linesOf } from './lines.js';
import { fromTokenFile, RegistryClient } from './registry-client.js';
import { RegistryRefusal } from './registry.errors.js';
import type { MakeSource, SourceTools } from './source.js';
import { readTargetUrl } from './target-url.js';

const form = {
  form: 'kubernetes://host:443/namespace/service, or kubernetes:///namespace/service in a pod, with ?port= ?watch-ms= ?tls=false ?ca-file= ?token-file= where wanted',
  usualHost: 'kubernetes.default.svc',
  usualPort: 443,
  usualTls: true,
  segments: [2, 2],
  parameters: ['port', 'watch-ms', 'tls', 'ca-file', 'token-file'],
} as const;

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
const usualWatchMs = 60_000;
const answerMs = 5_000;
const restMs = 200;
const pageSize = 500;
const gone = 410;

/**
 * kubernetesSource: the ready endpoints of a service by the list of its EndpointSlices and a watch from there on, as Kubernetes' "API Concepts" say: a watch
 * that ends goes on at the last resourceVersion, bookmarks included; one that is 410 Gone begins again with a list.
 */
export const kubernetesSource: MakeSource = (target, tools) => {
  const url = readTargetUrl(target, form);
  const [namespace = '', service = ''] = url.segments;
  const usualFile = (name: string) => (url.tls && existsSync(`${serviceAccount}/${name}`) ? `${serviceAccount}/${name}` : undefined);
  const client = new RegistryClient({
    origin: url.origin,
    caFile: url.text('ca-file') ?? usualFile('ca.crt'),
    headers: fromTokenFile(url.text('token-file') ?? usualFile('token'), (token) => ({ authorization: `Bearer ${token}` })),
  });
  const watch = new SliceWatch(client, tools, {
    path: `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`,
    labelSelector: `kubernetes.io/service-name=${service}`,
    port: url.text('port'),
    watchMs: url.ms('watch-ms', usualWatchMs),
  });
  return { look: (signal) => watch.look(signal), close: () => client.close() };
};

interface Watched {
  readonly path: string;
  readonly labelSelector: string;
  readonly port: string | undefined;
  readonly watchMs: number;
}

class SliceWatch {
  readonly #client: RegistryClient;
  readonly #tools: SourceTools;
  readonly #watched: Watched;
  readonly #slices: EndpointSlices;
  /** Where the watch goes on; undefined where a list is due. Whatever it looks like, it is the server's. */
  #resourceVersion: string | undefined;

  constructor(client: RegistryClient, tools: SourceTools, watched: Watched) {
    this.#client = client;
    this.#tools = tools;
    this.#watched = watched;
    this.#slices = new EndpointSlices(watched.port);
  }

  async look(signal: AbortSignal): Promise<number> {
    try {
      this.#resourceVersion ??= await this.#list(signal);
      await this.#watch(this.#resourceVersion, signal);
    } catch (error) {
      // A connection that broke goes on where it was; what the server would not do, it would not do again.
      if (error instanceof RegistryRefusal) this.#resourceVersion = undefined;
      if (!(error instanceof RegistryRefusal) || error.status !== gone) throw error;
    }
    return restMs * (0.5 + this.#tools.random() / 2);
  }

  /** All pages of one list, which are of one resourceVersion. */
  async #list(signal: AbortSignal): Promise<string> {
    const { path, labelSelector } = this.#watched;
    const slices = [];
    let next: string | undefined;
    let resourceVersion: string;
    do {
      const query = { labelSelector, limit: String(pageSize), continue: next };
      const page = listIn((await this.#client.ask({ path, query, withinMs: answerMs, signal })).body);
      slices.push(...page.slices);
      ({ next, resourceVersion } = page);
    } while (next !== undefined);
    this.#slices.replace(slices);
    this.#tools.table.tell(this.#slices.endpoints);
    return resourceVersion;
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { path, labelSelector, watchMs } = this.#watched;
    const seconds = Math.max(1, Math.round((watchMs / 1_000) * (0.75 + this.#tools.random() / 2)));
    const body = await this.#client.stream({
      path,
      query: { watch: 'true', allowWatchBookmarks: 'true', labelSelector, resourceVersion, timeoutSeconds: String(seconds) },
      withinMs: seconds * 1_000 + answerMs,
      signal,
    });
    this.#tools.table.confirm();
    for await (const line of linesOf(body)) this.#take(eventIn(line));
    this.#tools.table.confirm();
  }

  #take(event: WatchEvent | undefined): void {
    if (!event) return;
    if (event.type === 'error') throw new RegistryRefusal(`The watch ended: ${event.code} ${event.message}`, event.code);
    if (event.type === 'changed') this.#slices.change(event.slice);
    if (event.type === 'deleted') this.#slices.remove(event.slice);
    this.#resourceVersion = event.resourceVersion ?? this.#resourceVersion;
    this.#tools.table.tell(this.#slices.endpoints);
  }
}
