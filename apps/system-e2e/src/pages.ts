/** A page, and where it is. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly body: string;
}

/** The issuer's pages as a browser without JavaScript sees them: it keeps cookies, follows redirects, and sends forms with what they hold. */
export class Pages {
  private readonly cookies = new Map<string, string>();

  async open(url: string, init: RequestInit = {}): Promise<Page> {
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie: this.cookie, accept: 'text/html' } });
    for (const each of response.headers.getSetCookie()) this.keep(each);
    const body = await response.text();
    const next = response.headers.get('location') ?? /http-equiv="refresh" content="0;url=([^"]*)"/.exec(body)?.[1];
    if (next === undefined) return { url, status: response.status, body };
    const { href, protocol } = new URL(next, url);
    // An address of an application on a phone opens that.
    return /^https?:$/.test(protocol) ? this.open(href) : { url: href, status: response.status, body };
  }

  /** The cookies that the browser holds, as it would send them. */
  get cookie(): string {
    return [...this.cookies].map((pair) => pair.join('=')).join('; ');
  }

  /** Sends the form to an address that ends so. */
  async send({ url, body }: Page, to: string, fill: Record<string, string> = {}): Promise<Page> {
    const form = [...body.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].find(([, action]) => action!.endsWith(to));
    if (!form) throw new Error(`There is no form to ${to} at ${url}`);
    const inputs = [...form[2]!.matchAll(/<input[^>]*\bname="([^"]*)"[^>]*>/g)].map(([input, name]) => [name!, valueOf(input)]);
    return this.open(new URL(form[1]!, url).href, {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(inputs), ...fill }),
    });
  }

  private keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (value) this.cookies.set(name!, value);
    else this.cookies.delete(name!);
  }
}

function valueOf(input: string): string {
  return /\bvalue="([^"]*)"/.exec(input)?.[1] ?? '';
}
