import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { offeredServers } from './config.js';

/** Admin URL of the PostgreSQL that this test run shares; started on first use unless the surroundings offer one. */
export async function sharedPostgres(): Promise<string> {
  if (offeredServers.postgresUrl) return offeredServers.postgresUrl;
  const answer = JSON.parse(await text(connect(inject('postgresSocket')))) as { url?: string; problem?: string };
  if (!answer.url) throw new Error(answer.problem);
  return answer.url;
}
