import type { Contact } from './contact.js';
import { RegistryRefusal } from './registry.errors.js';

/** Look: one exchange with a registry. Resolves with the milliseconds until the next; ends soon after the signal. */
export type Look = (signal: AbortSignal) => Promise<number>;

/** Following: looks that follow each other. */
export interface Following {
  /** Resolves when the last look has ended. */
  stop(): Promise<void>;
}

const firstBackoffMs = 200;
const longestBackoffMs = 5_000;
const longestPushbackMs = 30_000;

/**
 * follow: looks, waits and looks again until stopped, and never throws. After a look that failed it waits 0.2 s, then twice as long each time, 5 s at most,
 * any time from half of that; longer where the registry asks for it, 30 s at most. A look that heard something before it failed begins anew.
 */
export function follow(look: Look, contact: Contact, random: () => number): Following {
  const stopping = new AbortController();
  const ended = lookOn(look, contact, random, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

async function lookOn(look: Look, contact: Contact, random: () => number, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const answersBefore = contact.answers;
    let waitMs: number;
    try {
      waitMs = await look(signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures = contact.answers > answersBefore ? 1 : failures + 1;
      contact.failed(error);
      waitMs = Math.max(backoffMs(failures, random), pushbackMs(error));
    }
    await pause(waitMs, signal);
  }
}

function backoffMs(failures: number, random: () => number): number {
  const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(failures - 1, 10));
  return longest * (0.5 + random() / 2);
}

function pushbackMs(error: unknown): number {
  return error instanceof RegistryRefusal ? Math.min(error.retryAfterMs, longestPushbackMs) : 0;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    // Following keeps no process alive.
    const timer = setTimeout(end, ms).unref();
    signal.addEventListener('abort', end);
  });
}
