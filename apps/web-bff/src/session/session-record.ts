import { newCaller } from '@facet/auth';
import type { Caller } from '@facet/context';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { clientId, type Tokens } from './issuer-client.js';

/** Who is refreshing, until when nobody else does. */
const Lease = z.object({ holder: z.string(), until: z.number() });

/** What a session is, as it rests sealed in the shared state. Times are in milliseconds of the epoch. */
export const SessionRecord = z.object({
  subject: z.string(),
  /** The issuer's name of the session. */
  sid: z.string().optional(),
  startedAt: z.number(),
  /** When the access token was last asked for on somebody's behalf, about: it is not written down each time. */
  usedAt: z.number(),
  accessToken: z.string(),
  /** The second in which the access token was issued, as it says itself. */
  issuedAt: z.number(),
  refreshAt: z.number(),
  expiresAt: z.number(),
  refreshToken: z.string().optional(),
  idToken: z.string(),
  lease: Lease.optional(),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

/** How long before its end a token is replaced, while it still serves. */
const leadMs = 60_000;

export function newRecord(tokens: Tokens, now: number): SessionRecord {
  const idToken = tokens.id_token;
  if (idToken === undefined) throw new Error('The issuer gave no ID token');
  const { sub, sid } = decodeJwt<{ sid?: string }>(idToken);
  return { subject: sub!, ...(sid !== undefined && { sid }), startedAt: now, usedAt: now, idToken, ...tokenFields(tokens, now) };
}

/** Whom a revocation must concern to concern this session's access token. */
export function callerOf({ subject, sid, issuedAt }: SessionRecord): Caller {
  const session = sid === undefined ? {} : { session: sid };
  return newCaller({ subject, kind: 'user', client: clientId, scopes: [], roles: [], issuedAt, ...session });
}

/** The same session with what a refresh gave. A confidential client keeps its refresh token. */
export function refreshed({ lease: _, ...record }: SessionRecord, tokens: Tokens, now: number): SessionRecord {
  return { ...record, usedAt: now, ...(tokens.id_token !== undefined && { idToken: tokens.id_token }), ...tokenFields(tokens, now) };
}

function tokenFields(tokens: Tokens, now: number) {
  const livesMs = (tokens.expiresIn() ?? 60) * 1_000;
  return {
    accessToken: tokens.access_token,
    issuedAt: decodeJwt(tokens.access_token).iat ?? Math.floor(now / 1_000),
    expiresAt: now + livesMs,
    refreshAt: now + Math.max(livesMs / 2, livesMs - leadMs),
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
  };
}
