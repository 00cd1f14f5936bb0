import type { TokenRequest } from './access-tokens.js';
import type { SignInIssuer } from './sign-in-issuer.js';

/** cookiesOf: what a browser keeps of an answer and sends again, as a `cookie` header; what is ended is left out. */
export function cookiesOf(response: Response): string {
  const kept = response.headers.getSetCookie().filter((cookie) => !/Max-Age=0/i.test(cookie));
  return kept.map((cookie) => cookie.slice(0, cookie.indexOf(';'))).join('; ');
}

/** signInAt: signs somebody in at a web BFF, all the way through its issuer. Returns the `cookie` header of the session. */
export async function signInAt(bff: string, issuer: SignInIssuer, who: Partial<TokenRequest> = {}): Promise<string> {
  const leaving = await fetch(`${bff}/bff/login`, { redirect: 'manual' });
  const location = leaving.headers.get('location');
  if (!location) throw new Error(`/bff/login answers ${leaving.status}: ${await leaving.text()}`);
  const { pathname, search } = new URL(issuer.signIn(location, who));
  const landing = await fetch(bff + pathname + search, { headers: { cookie: cookiesOf(leaving) }, redirect: 'manual' });
  if (landing.status !== 200) throw new Error(`/bff/callback answers ${landing.status}: ${await landing.text()}`);
  return cookiesOf(landing);
}
