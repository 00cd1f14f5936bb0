import type { EndListener, RequestContext } from '@facet/context';
import { ProblemError } from '@facet/errors';

/** Waited: is told each time that one who waits for it waits no longer. */
export interface Waited {
  left(): void;
}

/** Waiter: one who waits for a call. It is settled once: by the answer, by its own deadline, or because its request ended. */
export class Waiter implements EndListener {
  readonly answer: Promise<unknown>;
  settled = false;
  #resolve!: (answer: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor(
    readonly context: RequestContext,
    readonly deadline: number,
    private readonly call: Waited,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    context.ending.add(this);
  }

  resolve(answer: unknown): void {
    if (this.#settle()) this.#resolve(answer);
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Its request ended. */
  end(reason: unknown): void {
    if (!this.settled) this.reject(new ProblemError('client-closed-request', { cause: reason }));
  }

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.context.ending.delete(this);
    this.call.left();
    return true;
  }
}
