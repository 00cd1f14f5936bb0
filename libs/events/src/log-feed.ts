import type { Feed, Pulse, Report } from './event-bus.js';
import type { WakeUps } from './wake-ups.js';

const pollMs = 1_000;

/** LogFeedOptions: `work` takes a batch and says whether there may be more at once. With `lock`, only the process that holds it works. */
export interface LogFeedOptions {
  readonly topic: string;
  readonly lock?: string;
  readonly wakeUps: Pick<WakeUps, 'version' | 'after' | 'call' | 'lock' | 'unlock'>;
  readonly report: Report;
  readonly pulse?: Pulse | undefined;
  work(): Promise<boolean>;
}

/**
 * LogFeed: works off a topic of the event log until stopped, woken by what is appended. A connection that was lost fails the look that finds it so, and the next one
 * has another: only the second failure in a row is told to the pulse. Nothing is missed between them, since looks begin at a position.
 */
export class LogFeed implements Feed {
  #stopped = false;
  readonly #ended: Promise<void>;

  constructor(private readonly options: LogFeedOptions) {
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.options.wakeUps.call(this.options.topic);
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { topic, lock, wakeUps, report, pulse } = this.options;
    for (let failures = 0; !this.#stopped;) {
      const version = wakeUps.version(topic);
      try {
        const more = await this.#turn();
        failures = 0;
        if (!more) pulse?.heard();
        if (!more && !this.#stopped) await wakeUps.after(topic, version, pollMs);
      } catch (error) {
        failures += 1;
        if (failures > 1) pulse?.failed(error);
        report('warn', `Events of ${topic} could not be taken; trying again`, error);
        if (!this.#stopped) await wakeUps.after(topic, wakeUps.version(topic), Math.min(25 * 2 ** failures, 5_000));
      }
    }
    if (lock !== undefined) await wakeUps.unlock(lock, topic);
  }

  async #turn(): Promise<boolean> {
    const { lock, wakeUps, work } = this.options;
    if (lock !== undefined && !(await wakeUps.lock(lock))) return false;
    return await work();
  }
}
