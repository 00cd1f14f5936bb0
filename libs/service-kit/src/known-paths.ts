import { ProblemError } from '@facet/errors';

/** KnownPaths: which methods the routes of a path know, to tell a wrong method (405 with Allow) from an unknown path (404). Asked only after the router found nothing. */
export class KnownPaths {
  private readonly routes: { method: string; segments: string[] }[] = [];

  add(methods: string | string[], path: string): void {
    for (const method of [methods].flat()) this.routes.push({ method, segments: path.split('/') });
  }

  /** The methods for this path, sorted; none where no route has it. */
  methodsOf(url: string): string[] {
    const segments = url.split('?', 1)[0]!.split('/');
    const methods = this.routes.filter((route) => matches(route.segments, segments)).map(({ method }) => method);
    return methods.length ? [...new Set([...methods, 'OPTIONS'])].sort() : [];
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]));
}

/** refuseUndecodable: ProblemError `invalid-request` where the percent-encoding of a URL is no UTF-8 or hides a NUL. */
export function refuseUndecodable(url: string): void {
  if (!url.includes('%')) return;
  let decoded: string;
  try {
    decoded = decodeURIComponent(url);
  } catch (cause) {
    throw new ProblemError('invalid-request', { detail: 'The URL holds percent-encoding that is not UTF-8.', cause });
  }
  if (decoded.includes('\0')) throw new ProblemError('invalid-request', { detail: 'The URL must not contain NUL characters.' });
}
