import { Readable } from 'node:stream';
import type { Landing, Member } from '@facet/balancing';
import type { Ending, EndListener } from '@facet/context';
import { DownstreamError, GrpcStatus, ProblemError } from '@facet/errors';
import { failureOf } from '@facet/service-kit/wire';
import { mostProblemBytes, readBody } from './http-body.js';
import { answerFailure, bareFailure, failureIn } from './http-failure.js';
import { Flow } from './http-flow.js';
import { answeredHeaders, only } from './http-headers.js';
import type { HttpAnswer } from './http-transport.js';
import type { ExchangeAnswer, ExchangeLane, ExchangeRequest, ExchangeWay } from './http-way.js';

/** A timeout blames the service only if it had this part of the usual deadline. */
const fairShare = 0.5;

/** TrialRequest: what is sent, and where. */
export interface TrialRequest extends ExchangeRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly member: Member;
  /** Epoch milliseconds by which an answer has to begin. */
  readonly deadline: number;
}

/**
 * HttpTrial: one exchange with one instance, from its departure until the last byte of the answer. Tells breaker and budget of the answer
 * when it begins, and again where it breaks off; instance and bulkhead when it has ended.
 */
export class HttpTrial implements EndListener {
  /** Something may have been sent. */
  connected = false;
  readonly member: Member;
  readonly #abort = new AbortController();
  readonly #era: number;
  readonly #upload: Flow | undefined;
  #answer: Flow | undefined;
  /** Since when it has been the service's turn; monotonic milliseconds. */
  #since = performance.now();
  #sent: boolean;
  /** The service does not take what it is sent. */
  #blamed = false;
  #tookMs = 0;
  /** How much there is, where a range was asked for. */
  #lengthSaid: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Why nobody waits any more. */
  #gone: ProblemError | undefined;

  constructor(
    private readonly way: ExchangeWay,
    private readonly lane: ExchangeLane,
    private readonly request: TrialRequest,
    private readonly ending: Ending,
  ) {
    this.member = request.member;
    this.#sent = request.body === undefined;
    this.#upload = request.body && this.#uploadOf(request.body);
    this.#era = lane.breaker.departed();
    lane.metrics.departed(1, 0);
    this.member.departed(1);
  }

  /** Something of the body is gone. */
  get bodyTaken(): boolean {
    return this.#upload !== undefined && this.#upload.taken > 0;
  }

  /** The answer once it has begun. */
  async run(): Promise<ExchangeAnswer> {
    this.ending.add(this);
    this.#within(this.request.deadline - Date.now());
    try {
      const answer = await this.#open();
      this.#lengthSaid = answer.headers['content-range'];
      if (!isDone(answer)) throw answerFailure(answer, await readBody(answer.body, mostProblemBytes));
      this.#begun('ok', 'succeeded');
      return { status: answer.status, headers: only(answeredHeaders, answer.headers), body: this.#bodyOf(answer) };
    } catch (thrown) {
      const error = this.#errorOf(thrown);
      this.#upload?.destroy();
      this.#begun(error.code, this.#landingOf(error));
      this.#ended(this.#landingOf(error));
      throw error;
    } finally {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Nobody waits any more. */
  end(cause: unknown): void {
    this.#leave(new ProblemError('client-closed-request', { cause }));
  }

  #open(): Promise<HttpAnswer> {
    const { member, method, path, headers } = this.request;
    const onConnected = () => {
      this.connected = true;
      this.#upload?.start();
    };
    return this.lane.transport.open({ member, method, path, headers, body: this.#upload, signal: this.#abort.signal, onConnected });
  }

  #uploadOf(body: Readable): Flow {
    const { serviceIdleMs: sinkMs = 10_000, clientIdleMs: sourceMs = 30_000 } = this.way;
    const flow = new Flow(body, {
      owns: false,
      sourceMs,
      sinkMs,
      onError: (cause) => this.#leave(new ProblemError('client-closed-request', { cause })),
      onStall: (side) => (side === 'source' ? this.#leave(stalled()) : this.#jammed()),
    });
    return flow.on('error', () => {}).once('end', () => this.#uploaded());
  }

  /** From here on it is the service's turn. */
  #uploaded(): void {
    this.#sent = true;
    this.#since = performance.now();
    if (this.#timer) this.#within(Math.min(this.request.deadline - Date.now(), this.request.answerMs ?? this.way.deadlineMs));
  }

  #jammed(): Error {
    this.#blamed = true;
    return this.#late('The service takes nothing');
  }

  #within(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#late('The deadline passed'), Math.max(0, ms));
  }

  #late(why: string): Error {
    const failure = bareFailure(GrpcStatus.DEADLINE_EXCEEDED, why);
    this.#abort.abort(failure);
    return failure;
  }

  #leave(gone: ProblemError): ProblemError {
    this.#gone ??= gone;
    this.#abort.abort(bareFailure(GrpcStatus.CANCELLED, 'Nobody waits any more'));
    this.#answer?.destroy(gone);
    return gone;
  }

  #errorOf(thrown: unknown): ProblemError {
    if (this.#gone) return this.#gone;
    const { signal } = this.#abort;
    const failure = failureIn(this.member.address, signal.aborted ? signal.reason : thrown);
    const error = failureOf(this.way.dependency, failure, failure);
    if (error.code !== 'range-not-satisfiable' || this.#lengthSaid === undefined) return error;
    const { code, message: detail, cause } = error;
    return new ProblemError(code, { detail, cause, headers: { 'content-range': this.#lengthSaid } });
  }

  /** What the instance answered is its success, whatever it says. A client that is slow, or in a hurry, is no failure of it. */
  #landingOf(error: ProblemError): Landing {
    if (this.#gone) return 'left';
    if (!(error instanceof DownstreamError)) return 'succeeded';
    const fair = this.#blamed || (this.#sent && performance.now() - this.#since >= this.way.deadlineMs * fairShare);
    return error.reason !== 'timeout' || fair ? 'failed' : 'left';
  }

  #begun(outcome: 'ok' | ProblemError['code'], landing: Landing): void {
    this.#tookMs = performance.now() - this.#since;
    this.lane.metrics.landed(outcome, this.#tookMs);
    this.#judge(landing);
  }

  #judge(landing: Landing): void {
    const { breaker, budget } = this.lane;
    if (landing === 'left') return breaker.left(this.#era);
    const [succeeded, failed] = landing === 'succeeded' ? [1, 0] : [0, 1];
    breaker.landed(succeeded, failed, this.#era);
    budget.succeeded(succeeded);
    budget.failed(failed);
  }

  #ended(landing: Landing): void {
    this.ending.delete(this);
    this.lane.bulkhead.land();
    this.member.landed(1, this.#tookMs, landing);
  }

  #bodyOf({ status, headers, body }: HttpAnswer): Readable {
    if (status === 204 || status === 304 || this.request.method === 'HEAD' || headers['content-length'] === '0') {
      body.resume();
      this.#ended('succeeded');
      return Readable.from([]);
    }
    const { dependency, serviceIdleMs: sourceMs = 10_000, clientIdleMs: sinkMs = 30_000 } = this.way;
    let broken = false;
    const fail = (reason: 'unavailable' | 'timeout'): Error => {
      broken = this.#gone === undefined;
      return this.#gone ?? new DownstreamError(dependency, reason);
    };
    const flow = new Flow(body, {
      owns: true,
      sourceMs,
      sinkMs,
      onError: () => fail('unavailable'),
      onStall: (side) => (side === 'source' ? fail('timeout') : stalled()),
    });
    this.#answer = flow;
    flow.once('close', () => {
      if (broken) this.#judge('failed');
      this.#ended(broken ? 'failed' : flow.readableEnded ? 'succeeded' : 'left');
    });
    return flow.on('error', () => {}).start();
  }
}

/** 304 is an answer to who asked whether there is anything new; whoever sends us elsewhere is none of ours. */
function isDone({ status }: HttpAnswer): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

function stalled(): ProblemError {
  return new ProblemError('client-closed-request', { detail: 'The client stands still.' });
}
