import { request as requestHttp, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { createRequire } from 'node:module';
import { TLSSocket } from 'node:tls';
import type { Readable } from 'node:stream';
import { GrpcStatus } from '@facet/errors';
import type { ServiceError } from '@grpc/grpc-js';
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse, AxiosStatic } from 'axios';
import { ConnectionSecurity } from './connection-security.js';
import { HttpAgent } from './http-agent.js';
import { bareFailure, lostFailure, noConnection, type AnswerHead } from './http-failure.js';
import { ReachWatch, type Reachable } from './http-reach.js';

/** HttpRequest: what goes to one instance. */
export interface HttpRequest {
  readonly member: Reachable;
  readonly method: string;
  /** With the query; of our own making. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream gets a connection of its own. */
  readonly body?: Buffer | Readable | undefined;
  /** Its reason, a ServiceError, is what the request fails with. */
  readonly signal: AbortSignal;
  /** Told once, when something may be sent. Before, nobody can have seen anything of the request. */
  readonly onConnected?: (() => void) | undefined;
}

/** Who gives no connection for so long is away; that a caller had less time says nothing of him. */
const patienceMs = 500;

/** HttpAnswer: an answer whose body is still to come. Who does not read it to its end destroys it. */
export interface HttpAnswer extends AnswerHead {
  readonly body: IncomingMessage;
}

/** Sockets of an instance that are kept for later, and for how long. */
const idle = { maxFreeSockets: 64, timeout: 60_000 } as const;

/**
 * HttpTransport: HTTP/1.1 to the instances of a fleet, by axios: with connections that are kept, nowhere but where it is told to (no
 * redirect, no proxy of the environment), and nothing unpacked. It fails with a ServiceError that holds nothing of the request.
 */
export class HttpTransport {
  readonly reach = new ReachWatch();
  readonly #kept: HttpAgent;
  /** Not `connection: close`: the service would close as soon as it has answered, and what was still on its way would reset the answer. */
  readonly #fresh: HttpAgent;
  readonly #axios: AxiosInstance;
  #open = 0;
  #closed = false;

  constructor(security = new ConnectionSecurity({ expected: 'the service' })) {
    this.#kept = new HttpAgent(security, { keepAlive: true, ...idle });
    this.#fresh = new HttpAgent(security, { keepAlive: true, maxFreeSockets: 0 });
    this.#axios = loadAxios().create({ ...settings, httpAgent: this.#kept });
  }

  /** An answer of whatever status; resolves with its headers. */
  async open(request: HttpRequest): Promise<HttpAnswer> {
    const { member, signal } = request;
    if (this.#closed) throw bareFailure(GrpcStatus.UNAVAILABLE, 'The channel is closed');
    if (signal.aborted) throw signal.reason;
    const since = performance.now();
    let connected = false;
    const onConnected = () => {
      connected = true;
      request.onConnected?.();
    };
    this.#open++;
    try {
      const { status, headers, data }: AxiosResponse<IncomingMessage> = await this.#axios.request(this.#configOf(request, onConnected));
      data.once('close', () => this.#ended());
      return { status, headers: headersOf(headers), body: data };
    } catch (error) {
      this.#ended();
      const failure: ServiceError = signal.aborted
        ? signal.reason
        : connected
          ? lostFailure(member.address, error)
          : noConnection(member.address, error);
      if (!connected && isAway(failure, performance.now() - since)) this.reach.lost(member);
      throw failure;
    }
  }

  /** Takes nothing more; what is on its way may end. */
  close(): void {
    this.#closed = true;
    this.reach.close();
    if (this.#open === 0) this.#kept.destroy();
  }

  #ended(): void {
    if (--this.#open === 0 && this.#closed) this.#kept.destroy();
  }

  #configOf({ member, method, path, headers, body, signal }: HttpRequest, onConnected: () => void): AxiosRequestConfig {
    const streams = body !== undefined && !Buffer.isBuffer(body);
    return {
      method,
      url: `http://${member.address}${path}`,
      headers: { 'user-agent': 'facet', 'accept-encoding': 'identity', ...headers },
      data: body,
      signal,
      ...(streams && { httpAgent: this.#fresh }),
      transport: {
        request: (options: RequestOptions, answered: (answer: IncomingMessage) => void) =>
          onceConnected(requestHttp(options, answered), onConnected),
      },
    };
  }
}

const settings: AxiosRequestConfig = {
  adapter: 'http',
  proxy: false,
  maxRedirects: 0,
  decompress: false,
  responseType: 'stream',
  validateStatus: null,
  transformRequest: (data: unknown) => data,
};

/** Of a request that never had a connection. */
function isAway({ code }: ServiceError, waitedMs: number): boolean {
  return code === GrpcStatus.UNAVAILABLE || (code === GrpcStatus.DEADLINE_EXCEEDED && waitedMs >= patienceMs);
}

function onceConnected(request: ClientRequest, onConnected: () => void): ClientRequest {
  return request.once('socket', (socket) => {
    if (!socket.connecting) onConnected();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', onConnected);
  });
}

let loaded: AxiosStatic | undefined;

/** Loaded when first needed, for who has no HTTP downstream; as the one file that `require` finds, which takes a third less memory than its modules. */
function loadAxios(): AxiosStatic {
  loaded ??= createRequire(import.meta.url)('axios') as AxiosStatic;
  return loaded;
}

/** Headers that may come several times come as one text. */
function headersOf(headers: AxiosResponse['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
