import type { EndListener, RequestContext } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';

/** Waiter: one call that somebody waits for. It is settled once: by its answer, by its deadline, or because its request ended. */
export class Waiter implements EndListener {
  readonly answer: Promise<unknown>;
  /** Told when the waiter left without an answer. */
  onLeave: (() => void) | undefined;
  #settled = false;
  #resolve!: (answer: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor(
    readonly context: RequestContext,
    readonly deadline: number,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    context.ending.add(this);
  }

  get settled(): boolean {
    return this.#settled;
  }

  resolve(answer: unknown): void {
    if (this.#settle()) this.#resolve(answer);
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Leaves because the request ended. */
  end(reason: unknown): void {
    this.#leaveWith(new ProblemError('client-closed-request', { cause: reason }));
  }

  /** Leaves where the deadline has passed. */
  expire(dependency: string, now: number): void {
    if (this.deadline <= now) this.#leaveWith(new DownstreamError(dependency, 'timeout'));
  }

  #leaveWith(error: ProblemError): void {
    if (!this.#settle()) return;
    this.#reject(error);
    this.onLeave?.();
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.context.ending.delete(this);
    return true;
  }
}
