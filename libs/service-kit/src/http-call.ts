import { randomUUID } from 'node:crypto';
import { Ending, RequestContext, type Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** What an HTTP service knows of this request; set by its first hook. */
    call: HttpCall;
  }
}

/** How long a call may take whose client names no time. */
const unboundedMs = 10_000;
const acceptedRequestId = /^[A-Za-z0-9._-]{8,64}$/;

/** Whatever is still under way for a call that has its answer is of no use. */
const answered = new ProblemError('client-closed-request', { detail: 'The call has been answered.' });

/**
 * HttpCall: until when one request to an HTTP service is wanted and who asked. It ends when the client hangs up, when its time is over, and when it has been
 * answered to the last byte. Its time ends where the answer begins: what is being sent may take longer.
 */
export class HttpCall {
  readonly requestId: string;
  readonly ending = new Ending();
  caller: Caller | undefined;
  #context: RequestContext | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deadline: number;

  constructor({ headers }: FastifyRequest, { raw }: FastifyReply) {
    const asked = headers['x-request-id'];
    this.requestId = typeof asked === 'string' && acceptedRequestId.test(asked) ? asked : randomUUID();
    this.#deadline = Date.now() + unboundedMs;
    raw.once('close', () => this.#close(raw.writableFinished ? answered : new ProblemError('client-closed-request')));
  }

  /** From now on `late` is called where there is no answer in time. Throws where the client's words about time cannot be read. */
  limit({ headers }: FastifyRequest, late: (problem: ProblemError) => void): void {
    const ms = timeOf(headers['request-timeout-ms']) ?? unboundedMs;
    this.#deadline = Date.now() + ms;
    this.#timer = setTimeout(() => {
      const problem = new ProblemError('deadline-exceeded');
      this.ending.end(problem);
      late(problem);
    }, ms);
  }

  /** The answer begins. */
  beginAnswer(): void {
    clearTimeout(this.#timer);
  }

  /** For handlers; made on first use. */
  contextOf({ headers }: FastifyRequest): RequestContext {
    if (!this.caller) throw new ProblemError('unauthenticated');
    this.#context ??= new RequestContext({
      caller: this.caller,
      deadline: this.#deadline,
      ending: this.ending,
      requestId: this.requestId,
      traceparent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
    });
    return this.#context;
  }

  #close(reason: ProblemError): void {
    clearTimeout(this.#timer);
    this.ending.end(reason);
  }
}

function timeOf(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^\d{1,9}$/.test(header)) return Number(header);
  throw new ProblemError('invalid-request', { detail: 'request-timeout-ms must be a whole number of milliseconds.' });
}
