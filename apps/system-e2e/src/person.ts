import type { Demo } from './running-facet.js';

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The shape differs from request to request; tests look into it freely.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

const clients = { mobile: 'mobile-app', web: 'web-app', partner: 'demo-partner' } as const;
type Api = keyof typeof clients;

/** Somebody who uses the three APIs, with a token for each, taken when first needed. */
export class Person {
  private readonly tokens = new Map<Api, Promise<string>>();

  constructor(
    private readonly demo: Demo,
    readonly username: string,
  ) {}

  get id(): string {
    return this.demo.users[this.username]!.id;
  }

  mobile(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send('mobile', method, `/v1${path}`, body);
  }

  partner(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send('partner', method, `/api/v1${path}`, body);
  }

  graphql(query: string, variables?: Record<string, unknown>): Promise<Answer> {
    return this.send('web', 'POST', '/graphql', { query, variables });
  }

  /** A request with whatever body and headers, as a hostile or broken client would send it. */
  async raw(api: Api, method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = { authorization: `Bearer ${await this.token(api)}`, ...(init.headers as Record<string, string>) };
    return answerOf(await fetch(this.demo.urls[api] + path, { ...init, method, headers, signal: AbortSignal.timeout(15_000) }));
  }

  private send(api: Api, method: string, path: string, body: unknown): Promise<Answer> {
    return this.raw(
      api,
      method,
      path,
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    );
  }

  private token(api: Api): Promise<string> {
    const known = this.tokens.get(api);
    if (known) return known;
    const token = tokenOf(this.demo, this.username, clients[api]);
    this.tokens.set(api, token);
    return token;
  }
}

async function tokenOf({ urls }: Demo, user: string, client: string): Promise<string> {
  const response = await fetch(`${urls.identity}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, client }),
    signal: AbortSignal.timeout(5_000),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
}

/** Asks until the answer satisfies, at most `withinMs`; the last answer either way. */
export async function until<T>(ask: () => Promise<T>, satisfies: (answer: T) => boolean, withinMs: number): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer) || Date.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
