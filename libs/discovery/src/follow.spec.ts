import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Contact } from './contact.js';
import { follow, type Following, type Look } from './follow.js';
import { RegistryRefusal } from './registry.errors.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const reports: string[] = [];
let contact: Contact;
let following: Following | undefined;
beforeEach(() => {
  reports.length = 0;
  contact = new Contact('The registry', 'all stays', (level, message) => reports.push(`${level}: ${message}`));
});
afterEach(() => following?.stop());

/** The moments at which it looked within `ms`, by fake clock. */
async function looksWithin(ms: number, look: Look, random = 1): Promise<number[]> {
  const began = Date.now();
  const moments: number[] = [];
  following = follow(
    (signal) => {
      moments.push(Date.now() - began);
      return look(signal);
    },
    contact,
    () => random,
  );
  await vi.advanceTimersByTimeAsync(ms);
  return moments;
}
const fail = (error = new Error('away')) => Promise.reject(error);

describe('looks that follow each other', () => {
  it('come when the last one says', async () => {
    expect(await looksWithin(35, async () => 10)).toEqual([0, 10, 20, 30]);
  });

  it('wait twice as long after each failure, five seconds at most', async () => {
    expect(await looksWithin(20_000, () => fail())).toEqual([0, 200, 600, 1_400, 3_000, 6_200, 11_200, 16_200]);
  });

  it('wait half of that at least, as chance will have it', async () => {
    expect(await looksWithin(700, () => fail(), 0)).toEqual([0, 100, 300, 700]);
  });

  it('wait from the beginning again after a look that heard something before it failed', async () => {
    const heard = async () => {
      contact.answered();
      return fail();
    };
    expect(await looksWithin(650, heard)).toEqual([0, 200, 400, 600]);
  });

  it('leave a registry alone for as long as it asks, half a minute at most', async () => {
    expect(await looksWithin(3_000, () => fail(new RegistryRefusal('busy', 429, 2_000)))).toEqual([0, 2_000]);
    await following?.stop();
    expect(await looksWithin(31_000, () => fail(new RegistryRefusal('busy', 503, 3_600_000)))).toEqual([0, 30_000]);
  });

  it('end at once when stopped, and tell the look that is under way', async () => {
    let told: AbortSignal | undefined;
    await looksWithin(0, (signal) => {
      told = signal;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    });
    await following?.stop();
    expect(told?.aborted).toBe(true);
    expect(reports).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the log', () => {
  it('has one line when a registry goes and one when it is back', async () => {
    let away = false;
    const look = async () => {
      if (away) return fail();
      contact.answered();
      return 10;
    };
    await looksWithin(25, look);
    expect(reports).toEqual([]);
    away = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(reports).toEqual(['warn: The registry is away; all stays']);
    away = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(reports).toEqual(['warn: The registry is away; all stays', 'info: The registry answers again']);
  });
});
