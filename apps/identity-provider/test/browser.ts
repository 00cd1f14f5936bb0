/** A browser without JavaScript, as far as these pages need one: it keeps cookies by path, follows redirects within the issuer, and fills in forms. */
export class Browser {
  readonly #cookies = new Map<string, { value: string; path: string }>();

  constructor(
    private readonly issuer: string,
    private readonly address: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  get(url: string): Promise<Visit> {
    return this.#follow(url, { method: 'GET' });
  }

  /** Submits the form whose action ends so, with what it holds and what is filled in. */
  submit({ url, body }: Visit, action: string, fill: Record<string, string> = {}): Promise<Visit> {
    const form = [...body.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].find(([, to]) => to!.endsWith(action));
    if (!form) throw new Error(`No form to ${action} in ${body}`);
    const inputs = [...form[2]!.matchAll(/<input[^>]*>/g)].map(([input]) => [attribute(input, 'name'), attribute(input, 'value')]);
    const fields = { ...Object.fromEntries(inputs.filter(([name]) => name)), ...fill };
    return this.post(new URL(unescaped(form[1]!), url).href, fields);
  }

  post(url: string, fields: Record<string, string>): Promise<Visit> {
    return this.#follow(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  cookies(): string[] {
    return [...this.#cookies.keys()];
  }

  /** What the cookies hold. */
  values(): string[] {
    return [...this.#cookies.values()].map(({ value }) => value);
  }

  async #follow(url: string, init: RequestInit): Promise<Visit> {
    const response = await fetch(url.replace(this.issuer, this.address), {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...this.headers, cookie: this.#cookiesFor(new URL(url).pathname) },
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const location = response.headers.get('location');
    const body = await response.text();
    if (!location) return { url, status: response.status, headers: response.headers, body };
    const next = new URL(location, url).href;
    if (!next.startsWith(this.issuer)) return { url: next, status: response.status, headers: response.headers, body: '' };
    return this.#follow(next, { method: 'GET' });
  }

  #cookiesFor(path: string): string {
    const fitting = [...this.#cookies].filter(([, cookie]) => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')));
    return fitting.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  #keep(cookie: string): void {
    const [pair, ...attributes] = cookie.split(/; ?/);
    const [name, value] = [pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1)];
    const path = attributes.find((each) => each.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const has = (attribute: string) => attributes.some((each) => each.toLowerCase().split('=')[0] === attribute);
    if (name.startsWith('__Host-') && !(has('secure') && path === '/' && !has('domain'))) throw new Error(`No browser keeps ${cookie}`);
    if (value === '' || /1970/.test(cookie)) this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path });
  }
}

export interface Visit {
  /** Where it ended; a redirect out of the issuer is not followed. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

function attribute(input: string, name: string): string {
  return unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1] ?? '');
}

function unescaped(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
