import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { RegistryRefusal } from './registry.errors.js';

/** RegistryClientOptions: where a registry is, and how to be let in. */
export interface RegistryClientOptions {
  readonly origin: string;
  /** A file with the authority that signed its certificate; the system's authorities unless given. */
  readonly caFile?: string | undefined;
  /** The headers of each request, made anew each time: files with tokens are replaced while we run. */
  readonly headers?: () => Promise<Record<string, string>>;
}

/** RegistryRequest: one exchange. */
export interface RegistryRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Milliseconds from beginning to end. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** RegistryAnswer: an answer with a status of success. */
export interface RegistryAnswer {
  header(name: string): string | undefined;
  /** Of JSON; undefined where there is none. */
  readonly body: unknown;
}

const megabyte = 1_048_576;
const mostBytes = 16 * megabyte;
const refusalBytes = 300;

/** RegistryClient: HTTP to a registry as we dare to do it: a deadline on each exchange, no redirects, no proxy, and no answer of more than 16 MB. */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  #axios: Promise<AxiosInstance> | undefined;
  #agents: readonly HttpAgent[] = [];

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  /** One exchange. Rejects with RegistryRefusal for a status other than 2xx. */
  async ask(request: RegistryRequest): Promise<RegistryAnswer> {
    const response = await this.#exchange<string>(request, 'text');
    const header = headerOf(response);
    if (response.status < 200 || response.status > 299) throw refusalOf(request, response, response.data);
    return { header, body: parse(request, response.data) };
  }

  /** The body of an answer as it comes, until `withinMs` are over. */
  async stream(request: RegistryRequest): Promise<Readable> {
    const response = await this.#exchange<Readable>(request, 'stream');
    if (response.status === 200) return response.data;
    response.data.destroy();
    throw refusalOf(request, response, '');
  }

  /** Gives up its connections. */
  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  async #exchange<Data>(request: RegistryRequest, responseType: 'text' | 'stream'): Promise<AxiosResponse<Data>> {
    const time = new Time(request);
    const { signal } = time;
    try {
      const client = await (this.#axios ??= this.#connect());
      const response = await client.request<Data>({
        method: request.method ?? 'GET',
        url: request.path,
        params: request.query,
        data: request.body === undefined ? undefined : JSON.stringify(request.body),
        headers: { accept: 'application/json', ...(await this.#options.headers?.()), ...contentType(request) },
        responseType,
        // Of a stream its reader says what is too much: axios would not let go of the connection when he ends it.
        maxContentLength: responseType === 'stream' ? -1 : mostBytes,
        signal,
      });
      if (response.data instanceof Readable) response.data.once('close', () => time.over());
      else time.over();
      return response;
    } catch (error) {
      time.over();
      const reason = time.passed ? `no answer within ${request.withinMs} ms` : error instanceof Error ? error.message : String(error);
      if (this.#options.caFile !== undefined) this.#forget();
      // Not the cause itself: it holds the request with its token.
      throw new Error(`${describe(request)}: ${reason}`);
    }
  }

  /** The next exchange reads the authority's file again: it may have been replaced. */
  #forget(): void {
    this.close();
    this.#axios = undefined;
  }

  async #connect(): Promise<AxiosInstance> {
    const { origin, caFile } = this.#options;
    // 20 MB that a process with static targets does not need.
    const { default: axios } = await import('axios');
    const ca = caFile === undefined ? undefined : await readFile(caFile);
    const httpAgent = new HttpAgent({ keepAlive: true });
    const httpsAgent = new HttpsAgent({ keepAlive: true, ...(ca && { ca }) });
    this.#agents = [httpAgent, httpsAgent];
    return axios.create({
      baseURL: origin,
      adapter: 'http',
      httpAgent,
      httpsAgent,
      proxy: false,
      maxRedirects: 0,
      maxBodyLength: megabyte,
      validateStatus: () => true,
      transformResponse: (data: unknown) => data,
    });
  }
}

/** The time of an exchange: ends with the request's signal, or when the time has passed. It listens to both: who is made of them by `any` keeps none of them alive. */
class Time {
  readonly #ending = new AbortController();
  readonly #passing: AbortSignal;
  readonly #request: RegistryRequest;
  readonly #end = () => this.#ending.abort();

  constructor(request: RegistryRequest) {
    this.#request = request;
    this.#passing = AbortSignal.timeout(Math.ceil(request.withinMs));
    for (const signal of [request.signal, this.#passing]) {
      if (signal.aborted) this.#end();
      signal.addEventListener('abort', this.#end);
    }
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  get passed(): boolean {
    return this.#passing.aborted;
  }

  over(): void {
    for (const signal of [this.#request.signal, this.#passing]) signal.removeEventListener('abort', this.#end);
  }
}

/** fromTokenFile: a header whose value is made of what a file holds, read for each request; none without a file. */
export function fromTokenFile(path: string | undefined, headerFor: (token: string) => Record<string, string>) {
  return async (): Promise<Record<string, string>> => (path === undefined ? {} : headerFor((await readFile(path, 'utf8')).trim()));
}

function contentType({ body }: RegistryRequest): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function headerOf({ headers }: AxiosResponse<unknown>): (name: string) => string | undefined {
  return (name) => {
    const value: unknown = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}

function refusalOf(request: RegistryRequest, response: AxiosResponse<unknown>, text: string): RegistryRefusal {
  const seconds = Number(headerOf(response)('retry-after'));
  const said = text.slice(0, refusalBytes).replace(/\s+/g, ' ').trim();
  const message = `${describe(request)}: status ${response.status}${said && `, ${said}`}`;
  return new RegistryRefusal(message, response.status, seconds > 0 ? seconds * 1_000 : 0);
}

function parse(request: RegistryRequest, text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if ((request.method ?? 'GET') !== 'GET') return undefined;
    throw new Error(`${describe(request)}: the answer is not JSON`);
  }
}

function describe({ method = 'GET', path }: RegistryRequest): string {
  return `${method} ${path}`;
}
