import { isLoopback } from '@facet/service-kit';

/** LocalRequest: what `isLocal` looks at of a request. */
export interface LocalRequest {
  readonly headers: { readonly host?: string | undefined };
  readonly socket: { readonly remoteAddress?: string | undefined; readonly localPort?: number | undefined };
}

/** As a developer's own browser or script names this machine. */
const hosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * isLocal: whether a request comes over a loopback socket and names this machine and this very port in `Host`. A page of another site whose name
 * was pointed at 127.0.0.1 (DNS rebinding) comes over the right socket, by its own name.
 */
export function isLocal({ headers, socket }: LocalRequest): boolean {
  const [, host = '', port = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(headers.host ?? '') ?? [];
  return isLoopback(socket.remoteAddress ?? '') && hosts.has(host.toLowerCase()) && Number(port) === socket.localPort;
}
