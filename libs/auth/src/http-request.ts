/** HttpRequest: as much of a request as authentication reads. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The address of the client: of the proxies between, those that are trusted are passed over. */
  readonly ip?: string | undefined;
  /** The connection that it came by. */
  readonly socket?: Connection | undefined;
}

/** Connection: who is on its other end; a `TLSSocket` shows a certificate, too. */
export interface Connection {
  readonly remoteAddress?: string | undefined;
}
