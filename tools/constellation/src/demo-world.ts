import { fork } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { issuerUrl, webUrl } from './apps.js';
import type { Choices } from './config.js';
import { nameOfDatabase } from './name-of-database.js';
import { writePrivately } from './private-file.js';

/** What the seeding program needs to be running. */
export const seedNeeds = ['identity-provider', 'users-service', 'rooms-service', 'messages-service', 'notifications-service'];

/** Whether this very database has the demo world already. */
export function isSeeded({ home, databaseUrl, reset }: Choices): boolean {
  const mark = markIn(home);
  if (reset) rmSync(mark, { force: true });
  return existsSync(mark) && (JSON.parse(readFileSync(mark, 'utf8')) as { database: string }).database === nameOfDatabase(databaseUrl);
}

/** Fills the running services with the demo world, in a process of its own whose memory is given back. Writes `.facet/demo.json` for scripts. */
export async function seed(choices: Choices): Promise<void> {
  const child = fork('tools/demo/dist/seed.js', [], { env: environmentOf(choices), stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('The demo world could not be made: see above. `npm start -- --reset` begins again.');
  writePrivately(markIn(choices.home), { database: nameOfDatabase(choices.databaseUrl) });
}

function environmentOf({ home, portOffset, webHost, inherited }: Choices): NodeJS.ProcessEnv {
  return { ...inherited, FACET_HOME: home, FACET_PORT_OFFSET: String(portOffset), FACET_WEB_HOST: webHost };
}

function markIn(home: string): string {
  return join(home, 'seeded.json');
}

/** The public addresses of this installation. */
export function urlsOf(portOffset: number, webHost?: string) {
  return {
    identity: issuerUrl(portOffset),
    web: webUrl(portOffset, webHost),
    mobile: `http://localhost:${4002 + portOffset}`,
    partner: `http://localhost:${4003 + portOffset}`,
  };
}
