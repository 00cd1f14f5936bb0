import { pause } from '../send.js';

/** Handles and timers that keep a process alive, by kind, as Node counts them. */
export type Handles = Readonly<Record<string, number>>;

const looks = 10;
const betweenMs = 300;

/** How many more there are of all kinds together of which there are more. */
export function moreHandles(before: Handles, after: Handles): number {
  return Object.entries(after).reduce((sum, [kind, count]) => sum + Math.max(0, count - (before[kind] ?? 0)), 0);
}

/** What is there all the time: of some looks the fewest of each kind, since timers of regular work come and go. */
export async function settled(
  look: () => Promise<Handles>,
  wait: () => Promise<void> = () => pause(betweenMs),
): Promise<Record<string, number>> {
  let fewest: Record<string, number> = { ...(await look()) };
  for (let again = 1; again < looks; again++) {
    await wait();
    const now = await look();
    fewest = Object.fromEntries(Object.entries(fewest).map(([kind, count]) => [kind, Math.min(count, now[kind] ?? 0)]));
  }
  return fewest;
}
