/** HttpRequest: as much of a request as authentication reads. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
