/** DeadlineWatch: one timer for many deadlines: set to the earliest, and set anew to the next one whenever it has rung. */
export class DeadlineWatch {
  #timer: NodeJS.Timeout | undefined;
  #at = Infinity;

  /** `expire` is told what time it is, ends what is over, and gives the next deadline; Infinity where there is none. */
  constructor(private readonly expire: (now: number) => number) {}

  /** Rings at this deadline (epoch milliseconds) or earlier. */
  cover(deadline: number): void {
    if (deadline >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = deadline;
    this.#timer = setTimeout(() => this.#ring(), Math.max(1, deadline - Date.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }

  #ring(): void {
    this.#at = Infinity;
    this.cover(this.expire(Date.now()));
  }
}
