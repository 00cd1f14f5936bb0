import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryServer } from './registry-server.js';

/** EurekaInstance: what `POST /eureka/apps/:app` takes, as far as we use it. */
export interface EurekaInstance {
  instanceId: string;
  app: string;
  hostName: string;
  ipAddr: string;
  status: string;
  port: { $: number; '@enabled': string };
  securePort?: { $: number; '@enabled': string };
  metadata?: Record<string, string>;
  lastDirtyTimestamp?: string;
}

const paths = /^\/eureka\/apps(?:\/(?<app>[^/]+))?(?:\/(?<id>[^/]+))?$/;

/** EurekaServer: the documented operations of a Eureka server, in JSON: register, renew, cancel, set the status, all applications, and what changed of late. */
export class EurekaServer extends RegistryServer {
  readonly #instances = new Map<string, EurekaInstance>();
  /** As a server keeps them for three minutes. */
  #recent: (EurekaInstance & { actionType: string })[] = [];
  tellsChanges = true;
  /** Jettison writes a list of one as that one. */
  unwrapsSingles = false;

  get url(): string {
    return `eureka://${this.host}/eureka`;
  }

  register(instance: EurekaInstance): void {
    this.#instances.set(`${instance.app}/${instance.instanceId}`, instance);
    this.#recent.push({ ...instance, actionType: 'ADDED' });
  }

  setStatus(app: string, id: string, status: string): void {
    const instance = this.#instances.get(`${app}/${id}`);
    if (!instance) return;
    instance.status = status;
    this.#recent.push({ ...instance, actionType: 'MODIFIED' });
  }

  cancel(app: string, id: string): boolean {
    const instance = this.#instances.get(`${app}/${id}`);
    if (!instance) return false;
    this.#instances.delete(`${app}/${id}`);
    this.#recent.push({ ...instance, actionType: 'DELETED' });
    return true;
  }

  find(app: string, id: string): EurekaInstance | undefined {
    return this.#instances.get(`${app}/${id}`);
  }

  /** Changes are older than a server keeps them. */
  forgetChanges(): void {
    this.#recent = [];
  }

  /** Knows nobody any more: it holds all in memory. */
  forget(): void {
    this.#instances.clear();
    this.forgetChanges();
  }

  protected override answer({ method }: IncomingMessage, url: URL, response: ServerResponse, body: string): void {
    const { app = '', id = '' } = paths.exec(decodeURIComponent(url.pathname))?.groups ?? {};
    if (method === 'GET') return this.#read(app, response);
    this.json(response, this.#write(method, `${app}/${id}`, body, url.searchParams.get('lastDirtyTimestamp')));
  }

  #read(app: string, response: ServerResponse): void {
    if (!app) return this.#tell(response, [...this.#instances.values()]);
    if (app === 'delta' && this.tellsChanges) return this.#tell(response, this.#recent);
    this.json(response, 403);
  }

  /** The status of the answer. */
  #write(method: string | undefined, key: string, body: string, dirty: string | null): number {
    if (method === 'POST') {
      this.register((JSON.parse(body) as { instance: EurekaInstance }).instance);
      return 204;
    }
    const instance = this.#instances.get(key);
    if (!instance || (method === 'PUT' && !isAsNew(instance, dirty))) return 404;
    if (method === 'DELETE') this.cancel(instance.app, instance.instanceId);
    return 200;
  }

  #tell(response: ServerResponse, instances: readonly EurekaInstance[]): void {
    const counts = new Map<string, number>();
    for (const { status } of this.#instances.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
    const hashcode = [...counts].sort().map(([status, count]) => `${status}_${count}_`);
    const applications = [...new Set(instances.map(({ app }) => app))].map((name) => ({
      name,
      instance: this.#listOf(instances.filter(({ app }) => app === name)),
    }));
    const told = { versions__delta: '1', apps__hashcode: hashcode.join(''), application: this.#listOf(applications) };
    this.json(response, 200, { applications: told });
  }

  #listOf<Item>(items: readonly Item[]): readonly Item[] | Item | undefined {
    return this.unwrapsSingles && items.length < 2 ? items[0] : items;
  }
}

function isAsNew({ lastDirtyTimestamp = '0' }: EurekaInstance, told: string | null): boolean {
  return told === null || Number(told) <= Number(lastDirtyTimestamp);
}
