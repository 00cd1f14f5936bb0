import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { sql } from 'kysely';
import type { Db } from '../store/tables.js';

/** A private key with its name and algorithm. The newest of several signs; the others still verify. */
export type SigningKey = JWK & { readonly kid: string };

/** The keys of this issuer, newest first; the first replica of the first start makes one. */
export async function loadSigningKeys(db: Db): Promise<SigningKey[]> {
  const known = await readKeys(db);
  return known.length > 0 ? known : makeFirstKey(db);
}

// Replicas that start at once queue up here, and all but the first find a key.
async function makeFirstKey(db: Db): Promise<SigningKey[]> {
  return db.transaction().execute(async (tx) => {
    await sql`lock table signing_key in share row exclusive mode`.execute(tx);
    const known = await readKeys(tx);
    if (known.length > 0) return known;
    const key = await newKey();
    await tx
      .insertInto('signing_key')
      .values({ kid: key.kid, private_jwk: JSON.stringify(key) })
      .execute();
    return [key];
  });
}

async function readKeys(db: Db): Promise<SigningKey[]> {
  const rows = await db.selectFrom('signing_key').select(['kid', 'private_jwk']).orderBy('created_at', 'desc').execute();
  return rows.map(({ kid, private_jwk }) => ({ ...private_jwk, kid }));
}

async function newKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' };
}
