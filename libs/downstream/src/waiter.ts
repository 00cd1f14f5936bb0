import type { EndListener, RequestContext } from '@facet/context';
import { ProblemError } from '@facet/errors';

/** Waiter: one who waits for a call. It is settled once: by the answer, by its own deadline, or because its request ended. */
export class Waiter implements EndListener {
  readonly answer: Promise<unknown>;
  #settled = false;
  #resolve!: (answer: unknown) => void;
  #reject!: (error: unknown) => void;

  /** `onSettled` is told once. */
  constructor(
    readonly context: RequestContext,
    readonly deadline: number,
    private readonly onSettled: () => void,
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

  /** Its request ended. */
  end(reason: unknown): void {
    this.reject(new ProblemError('client-closed-request', { cause: reason }));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.context.ending.delete(this);
    this.onSettled();
    return true;
  }
}
