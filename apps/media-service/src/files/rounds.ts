export interface RoundsOptions {
  readonly everyMs: number;
  /** A failed round is told, and the next one comes all the same. */
  readonly failed: (error: unknown) => void;
}

const soonMs = 500;

/** Something that is done again and again, one round at a time, and sooner where somebody asks for it. */
export class Rounds {
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly round: () => Promise<void>,
    private readonly options: RoundsOptions,
  ) {}

  /** The first one now. */
  start(): void {
    void this.run();
  }

  /** A round within moments, for all who ask until then; also for who asks while one is under way. */
  soon(): void {
    this.#schedule(soonMs);
  }

  /** A round from now on; after the one that is under way, if one is. */
  async run(): Promise<void> {
    await this.#running;
    this.#running ??= this.#round();
    await this.#running;
  }

  /** The round that is under way is the last one. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #round(): Promise<void> {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    try {
      if (!this.#stopped) await this.round();
    } catch (error) {
      this.options.failed(error);
    }
    this.#running = undefined;
    this.#schedule(this.options.everyMs);
  }

  /** Unless the next round comes sooner anyway. */
  #schedule(ms: number): void {
    const due = Date.now() + ms;
    if (this.#stopped || this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.run(), ms).unref();
  }
}
