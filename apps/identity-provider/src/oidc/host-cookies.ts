import type Provider from 'oidc-provider';

type Cookies = Provider['context']['cookies'];
type Options = Parameters<Cookies['set']>[2] & { readonly path?: string };

const onThisMachine = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const ofSignIns = ['interaction', 'resume'] as const;
const mostSignIns = 9;
const hardened = new WeakSet<object>();

/** Whether browsers keep `Secure` cookies of this issuer: over TLS, and on the machine itself. */
export function keepsSecureCookies(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || onThisMachine.test(hostname);
}

/** `__Host-` (RFC 6265bis): nothing but this very host, over a way that nobody else writes on, can have set it. */
export function cookieNames(issuer: string) {
  const prefix = keepsSecureCookies(issuer) ? '__Host-' : '';
  return { session: `${prefix}facet_session`, interaction: `${prefix}facet_interaction`, resume: `${prefix}facet_resume` };
}

/**
 * Makes all cookies of the library `__Host-` ones. It tells sign-ins of one browser apart by the path of their cookies, which such cookies must not have:
 * their names end with the sign-in's id instead. Of sign-ins that nobody goes on with a browser keeps the last few.
 */
export function useHostCookies(provider: Provider, issuer: string): void {
  if (!keepsSecureCookies(issuer)) return;
  const names = cookieNames(issuer);
  const { get: cookiesOf } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(provider.context), 'cookies')!;
  Object.defineProperty(provider.context, 'cookies', {
    get(this: { readonly req: Request }) {
      const cookies = cookiesOf!.call(this) as Cookies;
      if (!hardened.has(cookies)) harden(cookies, names, this.req);
      return cookies;
    },
  });
}

interface Request {
  readonly url?: string;
  readonly headers: { readonly cookie?: string };
}

function harden(cookies: Cookies, names: ReturnType<typeof cookieNames>, { url = '', headers }: Request): void {
  hardened.add(cookies);
  // The way here is as safe as the issuer's own name says, also where a proxy ends TLS or this is the browser's own machine.
  cookies.secure = true;
  const [get, set] = [cookies.get.bind(cookies), cookies.set.bind(cookies)];
  const isOfSignIn = (name: string) => ofSignIns.some((each) => names[each] === name);
  const forget = (ids: readonly string[], options: Options) => {
    for (const id of ids) for (const kind of ofSignIns) set(`${names[kind]}-${id}`, null, options);
    return cookies;
  };
  cookies.get = (name: string, options?: Parameters<Cookies['get']>[1]) => {
    if (!isOfSignIn(name)) return get(name, options);
    const [, id] = /^\/(?:interaction|auth)\/([\w-]+)/.exec(url) ?? [];
    return id === undefined ? undefined : get(`${name}-${id}`, options);
  };
  cookies.set = (name: string, value?: string | null, options?: Options) => {
    if (!isOfSignIn(name)) return set(name, value, options);
    const id = options?.path?.split('/').pop() ?? '';
    const here = { ...options, path: '/' };
    // What came of that sign-in is known: neither of its cookies is of use any more.
    if (!value) return forget([id], here);
    forget(olderSignIns(headers.cookie), here);
    return set(`${name}-${id}`, value, here);
  };
}

/** Browsers send the oldest cookies first. */
function olderSignIns(cookie = ''): string[] {
  const ids = [...cookie.matchAll(/__Host-facet_interaction-([\w-]+)=/g)].map(([, id]) => id!);
  return ids.slice(0, Math.max(0, ids.length - mostSignIns));
}
