import { hash } from 'node:crypto';
import type { SharedState } from '@facet/state';
import { z } from 'zod';

const mostOfOne = 100;
const tries = 50;

const Entry = z.object({ key: z.string(), issuedAt: z.number(), until: z.number() });
/** The sessions of one person, or of one session of the issuer's; and up to when all of them were ended. */
const Line = z.object({ entries: z.array(Entry), endedAt: z.number().default(0) });
type Line = z.infer<typeof Line>;

/** Which sessions the issuer means when it names one of its own, or a person. Each line is one value: whoever changes it knows what it was. */
export class SessionIndex {
  constructor(
    private readonly state: SharedState,
    private readonly ttlMs: number,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /**
   * Notes a session that began with an ID token of that second. False: all of before were ended meanwhile, this one included. `crowdedOut` are the oldest, where
   * there are too many: they are not known here any more, so nobody may use them.
   */
  async add(name: string, key: string, issuedAt: number): Promise<{ readonly stands: boolean; readonly crowdedOut: readonly string[] }> {
    let crowdedOut: readonly string[] = [];
    let stands = true;
    await this.#change(name, ({ entries, endedAt }) => {
      stands = issuedAt > endedAt;
      if (!stands) return { entries, endedAt };
      const live = [...entries.filter(({ until }) => until > this.now()), { key, issuedAt, until: this.now() + this.ttlMs }];
      crowdedOut = live.slice(0, -mostOfOne).map((entry) => entry.key);
      return { entries: live.slice(-mostOfOne), endedAt };
    });
    return { stands, crowdedOut };
  }

  /** Takes out all that began up to that second, and notes that they have ended. */
  async end(name: string, endedAt: number): Promise<readonly string[]> {
    let ended: readonly string[] = [];
    await this.#change(name, (line) => {
      const isOver = (entry: Line['entries'][number]) => entry.issuedAt <= endedAt;
      ended = line.entries.filter(isOver).map(({ key }) => key);
      return { entries: line.entries.filter((entry) => !isOver(entry)), endedAt: Math.max(endedAt, line.endedAt) };
    });
    return ended;
  }

  async #change(name: string, change: (line: Line) => Line): Promise<void> {
    const key = `index:${hash('sha256', name, 'base64url')}`;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const kept = await this.state.get(key);
      const line = kept ? Line.parse(JSON.parse(kept.value.toString())) : { entries: [], endedAt: 0 };
      const value = Buffer.from(JSON.stringify(change(line)));
      if (kept ? await this.state.replace(key, kept.version, value, this.ttlMs) : await this.state.insert(key, value, this.ttlMs)) return;
    }
    throw new Error('An index of sessions changes faster than it can be written');
  }
}
