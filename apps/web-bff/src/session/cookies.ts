/** Of the session. Its value is known to the browser alone: the store knows a hash. */
export const sessionCookie = '__Host-facet-session';

/** Of a sign-in that is under way, one for each, by the first characters of its state: tabs do not disturb each other. */
export const signInCookie = '__Host-facet-sign-in-';

const strict = 'Path=/; Secure; HttpOnly; SameSite=Strict';
/** The issuer sends people back from another site, where Strict cookies stay behind. */
const lax = 'Path=/; Secure; HttpOnly; SameSite=Lax';

export function setSessionCookie(id: string): string {
  return `${sessionCookie}=${id}; ${strict}`;
}

export function clearSessionCookie(): string {
  return `${sessionCookie}=; ${strict}; Max-Age=0`;
}

export function setSignInCookie(name: string, sealed: string, maxAgeSeconds: number): string {
  return `${name}=${sealed}; ${lax}; Max-Age=${maxAgeSeconds}`;
}

export function clearSignInCookie(name: string): string {
  return `${name}=; ${lax}; Max-Age=0`;
}

/**
 * The id that the session's cookie holds. Only the whole name counts: one that merely ends so can be set by a sibling site. Of two such cookies neither does:
 * a browser that keeps the prefix's promise sends one.
 */
export function sessionIdOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const at = placeOf(header, 0);
  if (at === -1 || placeOf(header, at + 1) !== -1) return undefined;
  return idPattern.exec(header.slice(at + sessionPair.length))?.[1];
}

const sessionPair = `${sessionCookie}=`;
const idPattern = /^([A-Za-z0-9_-]{43})(?:;|$)/;

function placeOf(header: string, from: number): number {
  let at = header.indexOf(sessionPair, from);
  while (at > 0 && !/[; ]/.test(header[at - 1]!)) at = header.indexOf(sessionPair, at + 1);
  return at;
}

/** The sign-ins that are under way in this browser: what is sealed, by the name of the cookie. */
export function signInCookiesOf(header = ''): ReadonlyMap<string, string> {
  const pairs = header.split(/; ?/).filter((pair) => pair.startsWith(signInCookie));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
