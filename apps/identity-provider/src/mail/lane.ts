/** Does what waits, a few things at a time, until nothing does. What is asked for while it is at work is done as well. */
export class Lane {
  #asked = 0;
  #active = 0;
  readonly #workers = new Set<Promise<void>>();

  /** `next` does one thing; false: there was none. */
  constructor(
    private readonly next: () => Promise<boolean>,
    private readonly report: (error: unknown) => void,
    private readonly most = 4,
  ) {}

  /** Never rejects. */
  async run(): Promise<void> {
    this.#asked++;
    if (this.#active < this.most) {
      const worker: Promise<void> = this.#work().finally(() => this.#workers.delete(worker));
      this.#workers.add(worker);
    }
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    this.#active++;
    try {
      for (let seen = -1; seen !== this.#asked;) {
        seen = this.#asked;
        while (await this.next());
      }
    } catch (error) {
      this.report(error);
    } finally {
      this.#active--;
    }
  }
}
