import { codeByReason, problems, type DegradedReason, type ProblemCode } from './problems.js';

/** FieldError: one thing that is wrong with an input, at a JSON pointer (RFC 6901) into the body, or at the name of a parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** Explanation: which rule refused, and what was not so, in words that are about nobody. */
export interface Explanation {
  readonly rule: string;
  readonly because: string;
}

/** ProblemOptions: what an error says besides its code. `detail` and `errors` are public; `cause` is for logs alone. */
export interface ProblemOptions {
  /** Public text about this occurrence. Never shown when the status is 5xx. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** Further response headers, such as `allow` or `www-authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body (RFC 9457, section 3.2), such as `violated-policies`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Of a decision against the caller: for logs, and in development for the client. */
  readonly explanation?: Explanation;
  readonly cause?: unknown;
}

/** ProblemError: a failure with a stable code, a public text and an internal cause. Everything that is thrown on purpose is one. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  readonly explanation: Explanation | undefined;

  constructor(
    readonly code: ProblemCode,
    { detail, errors, retryAfterSeconds, headers, extensions, explanation, cause }: ProblemOptions = {},
  ) {
    super(detail ?? problems[code].title, { cause });
    this.status = problems[code].status;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.headers = headers;
    this.extensions = extensions;
    this.explanation = explanation;
  }

  /** The public text may be shown to the client. */
  get exposed(): boolean {
    return this.status < 500;
  }
}

/** Degradation: a dependency, by its short name (`presence`), that an answer had to do without. */
export interface Degradation {
  readonly dependency: string;
  readonly reason: DegradedReason;
}

/**
 * DownstreamError: a call to a service that gave no usable answer. It is the one kind of failure that an `optional` or `stale` part may hide;
 * an answer such as "not found" or "forbidden" is a plain ProblemError. It has no stack: while a service is away it is made by the thousand, and
 * dependency, reason and cause say more.
 */
export class DownstreamError extends ProblemError {
  /** Milliseconds before which the service does not want to be asked again; Infinity: not at all; absent: it did not say. */
  readonly pushbackMs: number | undefined;

  constructor(
    readonly dependency: string,
    readonly reason: DegradedReason,
    { pushbackMs, ...options }: ProblemOptions & { readonly pushbackMs?: number | undefined } = {},
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(codeByReason[reason], { retryAfterSeconds: problems[codeByReason[reason]].retryAfterSeconds, ...options });
    Error.stackTraceLimit = stackTraceLimit;
    this.pushbackMs = pushbackMs;
  }
}
