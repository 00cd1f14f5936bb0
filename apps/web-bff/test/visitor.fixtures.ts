import type { SignInIssuer, TokenRequest } from '@facet/testing';

/** A browser's cookies, as far as a test needs one: it keeps what it is told, by name, and sends all of it. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly origin: string,
    private readonly issuer: SignInIssuer,
  ) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(this.origin + path, { headers: { cookie: this.header, ...headers }, redirect: 'manual' });
    this.keep(response);
    return response;
  }

  /** A call of the API, as a page makes it. */
  api(path: string): Promise<Response> {
    return this.get(path, { 'x-csrf': '1' });
  }

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (/Max-Age=0/.test(cookie)) this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
  }

  /** Where the issuer was told to bring it back, once it was sent there. */
  async leave(returnTo = '/', who: Partial<TokenRequest> = {}, claims = {}): Promise<string> {
    const response = await this.get(`/bff/login?returnTo=${encodeURIComponent(returnTo)}`);
    return this.issuer.signIn(response.headers.get('location')!, who, claims);
  }

  /** Comes back from the issuer, another site: what is Strict stays behind. */
  async arrive(callback: string): Promise<Response> {
    const { pathname, search } = new URL(callback);
    const lax = [...this.cookies].filter(([name]) => name !== '__Host-facet-session').map(([name, value]) => `${name}=${value}`);
    return this.get(pathname + search, { cookie: lax.join('; ') });
  }

  async signIn(who: Partial<TokenRequest> = {}): Promise<this> {
    const landing = await this.arrive(await this.leave('/', who));
    if (landing.status !== 200) throw new Error(`The callback answered ${landing.status}: ${await landing.text()}`);
    return this;
  }

  get session(): string | undefined {
    return this.cookies.get('__Host-facet-session');
  }
}
