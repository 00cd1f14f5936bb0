/** AnswerOptions: what of an answer is not fixed by its route. */
export interface AnswerOptions {
  /** Default: the status that the route declares. */
  readonly status?: number;
  /** Several values only of what may be there several times: `set-cookie`. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** Answer: what a handler returns where the status or a header depends on what happened, such as 201 with `location` or 200 for the same again. */
export class Answer<Body = unknown> {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[]>>;

  constructor(
    readonly body: Body,
    { status, headers = {} }: AnswerOptions = {},
  ) {
    this.status = status;
    this.headers = headers;
  }
}
