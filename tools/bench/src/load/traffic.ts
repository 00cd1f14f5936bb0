/** What clients send: each request is one of `requests`, about somebody drawn at random. */
export interface Traffic {
  /** `http://127.0.0.1:4002`. */
  readonly origin: string;
  /** `{user}` in a path stands for the last 12 digits of an id. */
  readonly requests: readonly TrafficRequest[];
  /** Of the requests: any at random, or one after the other so that none comes twice before all have come. */
  readonly order: 'random' | 'in turn';
  /** Posted as JSON with every request; `{user}` as in a path. */
  readonly body?: string;
  /** So many people are drawn from. */
  readonly people: number;
}

export interface TrafficRequest {
  readonly path: string;
  readonly token?: string | undefined;
  /** In the place of a token: the header of a browser's session. */
  readonly cookie?: string;
}

/** By which headers a request says whose it is. */
export function credentialOf({ token, cookie }: TrafficRequest): Record<string, string> {
  if (cookie !== undefined) return { cookie, 'x-csrf': '1' };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 2xx, broken connections, and answers that never came. */
  readonly failures: number;
}

/** LoadDriver: something that sends traffic, as much of it as gets answered. */
export interface LoadDriver {
  readonly name: string;
  run(traffic: Traffic, options: LoadOptions): Promise<LoadResult>;
}

/** A request as text, with `{user}` still in it. */
export function rawRequest({ origin, body }: Traffic, request: TrafficRequest): string {
  const length = body === undefined ? 0 : Buffer.byteLength(body.replaceAll('{user}', ''.padStart(12, '0')));
  return [
    `${body === undefined ? 'GET' : 'POST'} ${request.path} HTTP/1.1`,
    `host: ${new URL(origin).host}`,
    ...Object.entries(credentialOf(request)).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${length}`]),
    '',
    body ?? '',
  ].join('\r\n');
}
