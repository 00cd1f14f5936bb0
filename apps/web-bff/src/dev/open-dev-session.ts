import { ProblemError } from '@facet/errors';
import { z } from 'zod';
import { issuerAway } from '../session/issuer-client.js';
import type { Web } from '../session/web.js';

const timeoutMs = 3_000;
const Opened = z.object({ refresh_token: z.string() });

const away = (failure: unknown): never => {
  throw issuerAway(failure);
};

/** A session as if that demo user had signed in: the issuer's development endpoint opens one there, and gives what ours is refreshed with from then on. */
export async function openDevSession({ issuer, sessions }: Web, user: string): Promise<string> {
  const response = await fetch(`${issuer.name}/dev/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(away);
  if (response.status === 400) throw new ProblemError('invalid-request', { detail: `There is no user ${user}.` });
  if (!response.ok) throw issuerAway(new Error(`/dev/session of the issuer answered ${response.status}`));
  const { refresh_token } = Opened.parse(await response.json());
  return sessions.begin(await issuer.refresh(refresh_token).catch(away));
}
