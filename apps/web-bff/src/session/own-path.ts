const longest = 2_000;
/** What browsers drop or turn into slashes, and what no URL holds unescaped. */
const suspect = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\\]/;

/**
 * The address within our own site that a path means, or nothing where it might lead anywhere else: to another host, or back into signing in
 * and out.
 */
export function ownAddress(path: string, publicUrl: string): string | undefined {
  if (path.length > longest || suspect.test(path) || !path.startsWith('/') || path.startsWith('//')) return undefined;
  const { origin } = new URL(publicUrl);
  if (!URL.canParse(path, origin)) return undefined;
  const url = new URL(path, origin);
  if (url.origin !== origin || url.pathname.startsWith('//') || /^\/(bff|dev)(\/|$)/i.test(url.pathname)) return undefined;
  return url.href;
}
