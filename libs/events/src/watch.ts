import type { Pulse, Report, WatchBus, WatchStart } from './event-bus.js';
import type { StoredEvent } from './event.js';

export type { Report, WatchBus } from './event-bus.js';
export type { StoredEvent } from './event.js';
export { openWatchBus, type EventSource } from './watch-bus.js';

const silenceMs = 5_000;
const beginningMs = 30_000;
const closingMs = 1_000;
const longestPauseMs = 5_000;

/** Follower: who acts on a topic. Between `began` and `lost` it sees every event of it, in order per key; at any other time events may pass unseen, or be shown late. */
export interface Follower {
  began(): void;
  /** Where it throws, the watch is lost and begins anew. */
  saw(event: StoredEvent): void;
  lost(): void;
}

/** WatchOptions: what is watched, on which bus, for whom. */
export interface WatchOptions {
  readonly topic: string;
  /** It begins with what was appended so many milliseconds ago, and goes on after blindness where it was; without, each time from that moment on. */
  readonly backMs?: number | undefined;
  /** A bus of the watch's own, which closes it. */
  readonly open: () => Promise<WatchBus>;
  readonly follower: Follower;
  readonly report: Report;
}

/**
 * Watch: shows a topic to this process, from now on, for as long as it runs. It knows when it is blind: as soon as the bus says that it cannot look, or 5 s after the last one
 * that succeeded, the follower is told `lost`; then everything is opened anew and followed from that moment. With `backMs` nothing passes unseen: what was appended before it
 * began, or while it was blind, is shown before `began`.
 */
export class Watch {
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #from: WatchStart = 'now';

  constructor(private readonly options: WatchOptions) {
    const { backMs } = options;
    if (backMs !== undefined) this.#from = new Date(Date.now() - backMs);
  }

  /** Does not wait: while the bus is away it keeps trying. */
  start(): void {
    this.#running ??= this.#run(this.#stopping.signal);
  }

  /** The follower sees nothing more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(stopping: AbortSignal): Promise<void> {
    const { topic, report } = this.options;
    for (let failures = 0; !stopping.aborted; failures += 1) {
      const { began, reason } = await this.#follow(stopping);
      if (stopping.aborted) return;
      if (began) failures = 0;
      report(failures === 0 ? 'warn' : 'debug', `${topic} cannot be watched; trying again`, reason);
      await pause(Math.min(100 * 2 ** failures, longestPauseMs), stopping);
    }
  }

  /** Follows until the bus fails or falls silent. */
  async #follow(stopping: AbortSignal): Promise<{ began: boolean; reason: unknown }> {
    const { open, follower } = this.options;
    const over = new AbortController();
    const end = (reason: unknown) => over.abort(reason);
    let began = false;
    let silence = setTimeout(end, beginningMs, new Error('It did not begin in time'));
    const heard = () => {
      if (over.signal.aborted) return;
      clearTimeout(silence);
      silence = setTimeout(end, silenceMs, new Error('Nothing was heard of it'));
      if (!began) follower.began();
      began = true;
    };
    const bus = open();
    bus.then((bus) => this.#look(bus, { heard, failed: end }, over.signal)).catch(end);
    await aborted(over.signal, stopping);
    end('stopped');
    clearTimeout(silence);
    if (began) follower.lost();
    await Promise.race([bus.then((bus) => bus.close()).catch(() => undefined), pause(closingMs)]);
    return { began, reason: over.signal.reason };
  }

  async #look(bus: WatchBus, pulse: Pulse, over: AbortSignal): Promise<void> {
    const { topic } = this.options;
    const show = async (events: readonly StoredEvent[]) => {
      try {
        for (const event of events) if (!over.aborted) this.#show(event);
      } catch (error) {
        pulse.failed(error);
      }
    };
    const feed = await bus.watch(topic, this.#from, show, pulse);
    if (over.aborted) await feed.stop();
  }

  #show(event: StoredEvent): void {
    this.options.follower.saw(event);
    if (this.options.backMs !== undefined) this.#from = event.position;
  }
}

/** Resolves once one of the signals is aborted. */
async function aborted(...signals: AbortSignal[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  for (const signal of signals) signal.addEventListener('abort', resolve);
  if (!signals.some((signal) => signal.aborted)) await promise;
  for (const signal of signals) signal.removeEventListener('abort', resolve);
}

async function pause(ms: number, ending = new AbortController().signal): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  await aborted(over.signal, ending);
  clearTimeout(timer);
}
