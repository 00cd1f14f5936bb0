import type { Clock } from '../clock.js';

/** As `Events.mark`, of the topic of messages. */
export type Mark = () => Promise<() => Promise<boolean>>;

/**
 * Up to when this service knows what was posted. What no message seems to have may be in one that is still to be consumed: after an outage that can be a day of them. A
 * mark is kept until it is passed, so that messages which never stop coming hold up nothing.
 */
export class Consumption {
  #until: Date | undefined;
  #ahead: { readonly at: Date; readonly passed: () => Promise<boolean> } | undefined;

  constructor(
    private readonly mark: Mark,
    private readonly clock: Clock,
  ) {}

  /** All messages of before then have taken effect here; undefined while that is known of no moment since the start. */
  async until(): Promise<Date | undefined> {
    this.#ahead ??= { at: this.clock.now(), passed: await this.mark() };
    if (await this.#ahead.passed()) {
      this.#until = this.#ahead.at;
      this.#ahead = undefined;
    }
    return this.#until;
  }
}
