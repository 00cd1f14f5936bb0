import type { Readable } from 'node:stream';

/** HttpAnswerOptions: all of an answer that is no plain JSON. */
export interface HttpAnswerOptions {
  /** 200 unless told. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is closed with the answer, whoever ends it. */
  readonly body?: Readable | string | Uint8Array | undefined;
}

/** HttpAnswer: what a handler of an HTTP service returns where it decides about status, headers and bytes itself. */
export class HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string | Uint8Array | undefined;

  constructor({ status = 200, headers = {}, body }: HttpAnswerOptions) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}
