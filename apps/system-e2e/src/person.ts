import type { Demo } from './running-facet.js';

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The shape differs from request to request; tests look into it freely.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

const clients = { mobile: 'mobile-app', partner: 'demo-partner' } as const;
type Api = keyof typeof clients | 'web';
type Credential = Readonly<Record<string, string>>;

/** Somebody who uses the three APIs: two with a token for each, the browser's with a session. Each is taken when first needed. */
export class Person {
  private readonly credentials = new Map<Api, Promise<Credential>>();

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
    return answerOf(await this.open(api, path, { ...init, method }));
  }

  /** The answer as it begins, to be read by whoever asked. */
  async open(api: Api, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(await this.credential(api)), ...(init.headers as Record<string, string>) };
    return fetch(this.demo.urls[api] + path, { ...init, headers, signal: AbortSignal.timeout(15_000) });
  }

  private send(api: Api, method: string, path: string, body: unknown): Promise<Answer> {
    return this.raw(
      api,
      method,
      path,
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    );
  }

  private credential(api: Api): Promise<Credential> {
    const known = this.credentials.get(api);
    if (known) return known;
    const credential = api === 'web' ? sessionOf(this.demo, this.username) : tokenOf(this.demo, this.username, clients[api]);
    this.credentials.set(api, credential);
    return credential;
  }
}

async function tokenOf({ urls }: Demo, user: string, client: string): Promise<Credential> {
  const response = await postJson(`${urls.identity}/dev/token`, { user, client });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}

async function sessionOf({ urls }: Demo, user: string): Promise<Credential> {
  const { headers } = await postJson(`${urls.web}/dev/session`, { user });
  return { cookie: headers.getSetCookie()[0]!.split(';')[0]!, 'x-csrf': '1' };
}

function postJson(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(5_000) });
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
