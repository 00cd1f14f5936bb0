import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Caller } from '@facet/context';
import { problems, type ProblemError } from '@facet/errors';
import { problemOf } from '@facet/service-kit/wire';
import type { Trouble } from './grpc-fake.js';
import { readInternalToken } from './read-internal-token.js';

/** HttpFakeRequest: what a fake was asked. */
export interface HttpFakeRequest {
  /** By the names in the route: `{id}`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly caller: Caller;
}

/** HttpFakeAnswer: 200 and no headers unless told; an object is JSON. */
export interface HttpFakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string | Uint8Array | undefined;
}

/** HttpFakeHandlers: a plain HTTP service as an object literal, by route: `GET /v1/attachments/{id}`. A handler may throw a ProblemError. */
export type HttpFakeHandlers = Readonly<Record<string, (request: HttpFakeRequest) => HttpFakeAnswer | Promise<HttpFakeAnswer>>>;

/** HttpFake: a plain HTTP service of a test, on a real port. Tokens are read, not verified; bodies are read whole. A route without a handler is 404. */
export class HttpFake {
  /** Requests by route. */
  readonly calls: Record<string, number> = {};
  /** What the routes answer; may be changed at any time. */
  handlers: HttpFakeHandlers;
  /** What goes wrong on the wire, asked for each request by its route, and its number among those of that route, from 1. */
  trouble: ((route: string, number: number) => Trouble | undefined) | undefined;
  readonly #initial: HttpFakeHandlers;
  #server: Server | undefined;
  #port = 0;

  constructor(handlers: HttpFakeHandlers) {
    this.#initial = handlers;
    this.handlers = handlers;
  }

  /** For the configuration of whoever calls the fake. */
  get target(): string {
    return `static:127.0.0.1:${this.#port}`;
  }

  /** Counts, trouble and handlers as they were at the start. */
  reset(): void {
    for (const route of Object.keys(this.calls)) delete this.calls[route];
    this.trouble = undefined;
    this.handlers = this.#initial;
  }

  /** Listens, on the port that it had before where it had one. */
  async restart(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response).catch(() => response.destroy()));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Ends as a process that died: connections break, nobody listens. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://fake');
    const body = await buffer(request);
    const found = this.#find(request.method ?? '', pathname);
    const name = found?.route ?? '';
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    const answer = async () => {
      const caller = readInternalToken(request.headers.authorization?.replace(/^Bearer /, ''));
      if (!found) return { status: 404 };
      return this.handlers[name]!({ path: found.path, query, headers: request.headers, body, caller });
    };
    const send = () =>
      answer().then(
        (good) => write(response, good),
        (error: unknown) => write(response, answerOf(problemOf(error))),
      );
    const trouble = this.trouble?.(name, this.calls[name]!);
    if (trouble === undefined) return send();
    if (trouble === 'garbage') response.socket?.end('what is this\r\n\r\n');
    else if (typeof trouble === 'number') setTimeout(() => void send(), trouble).unref();
    else write(response, answerOf(trouble));
  }

  #find(method: string, pathname: string): { route: string; path: Record<string, string> } | undefined {
    for (const route of Object.keys(this.handlers)) {
      const [routeMethod, template = ''] = route.split(' ');
      const match = routeMethod === method && new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(pathname);
      if (match) return { route, path: { ...match.groups } };
    }
    return undefined;
  }
}

function answerOf(problem: ProblemError): HttpFakeAnswer {
  const { status, title } = problems[problem.code];
  const body = JSON.stringify({ type: `/errors/${problem.code}`, title, status, code: problem.code, detail: problem.detail });
  return { status, headers: { 'content-type': 'application/problem+json' }, body };
}

function write(response: ServerResponse, { status = 200, headers = {}, body }: HttpFakeAnswer): void {
  const json = typeof body === 'object' && !(body instanceof Uint8Array);
  response.writeHead(status, { ...(json && { 'content-type': 'application/json' }), ...headers });
  response.end(json ? JSON.stringify(body) : body);
}

/** startHttpFake: a fake of one plain HTTP service that listens on a free port. */
export async function startHttpFake(handlers: HttpFakeHandlers): Promise<HttpFake> {
  const fake = new HttpFake(handlers);
  await fake.restart();
  return fake;
}
