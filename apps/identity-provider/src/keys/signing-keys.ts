import { newId } from '@facet/database';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { sql, type Transaction } from 'kysely';
import type { Db, Tables } from '../store/tables.js';
import type { Vault } from './vault.js';

/** A private key with its name and algorithm. */
export type SigningKey = JWK & { readonly kid: string };

/** Until a next key may sign, every replica has read it and shows it in its key set: many times the interval in which they read. */
const publishedSeconds = 300;
/** What a retired key signed stays verifiable for longer than any token or logout hint lives. */
const retiredDays = 30;

const aboutKey = (kid: string) => `signing_key:${kid}`;

/** The keys of this issuer: the current one, which signs, first; then the next one and those retired. The first replica of the first start makes them. */
export async function loadSigningKeys(db: Db, vault: Vault): Promise<SigningKey[]> {
  const known = await readKeys(db, vault);
  return known.complete ? known.keys : withKeysLocked(db, (tx) => makeWhatIsMissing(tx, vault));
}

/** The next key becomes the current one, the current one retires, and there is another next one. Refused while not every verifier could know the next one. */
export async function rotateSigningKeys(db: Db, vault: Vault): Promise<'rotated' | 'next key too young'> {
  return withKeysLocked(db, (tx) => rotate(tx, vault));
}

/** The same where the current key has signed for this long. Replicas that come at once rotate once. */
export async function rotateIfDue(db: Db, vault: Vault, { afterDays }: { afterDays: number }): Promise<boolean> {
  if (!(await isDue(db, afterDays))) return false;
  return withKeysLocked(db, async (tx) => (await isDue(tx, afterDays)) && (await rotate(tx, vault)) === 'rotated');
}

export async function forgetRetiredKeys(db: Db): Promise<void> {
  await db
    .deleteFrom('signing_key')
    .where('state', '=', 'retired')
    .where('retired_at', '<', sql<Date>`now() - make_interval(days => ${retiredDays})`)
    .execute();
}

async function rotate(tx: Transaction<Tables>, vault: Vault): Promise<'rotated' | 'next key too young'> {
  await makeWhatIsMissing(tx, vault);
  const next = await tx
    .selectFrom('signing_key')
    .select('kid')
    .where('state', '=', 'next')
    .where('created_at', '<=', sql<Date>`now() - make_interval(secs => ${publishedSeconds})`)
    .executeTakeFirst();
  if (!next) return 'next key too young';
  await tx
    .updateTable('signing_key')
    .set({ state: 'retired', retired_at: sql`now()` })
    .where('state', '=', 'current')
    .execute();
  await tx
    .updateTable('signing_key')
    .set({ state: 'current', current_since: sql`now()` })
    .where('kid', '=', next.kid)
    .execute();
  await insertKey(tx, vault, 'next');
  await tx.insertInto('audit_event').values({ id: newId(), event: 'keys-rotated', outcome: 'ok' }).execute();
  return 'rotated';
}

async function isDue(db: Db, afterDays: number): Promise<boolean> {
  const due = await db
    .selectFrom('signing_key')
    .select('kid')
    .where('state', '=', 'current')
    .where('current_since', '<=', sql<Date>`now() - make_interval(days => ${afterDays})`)
    .executeTakeFirst();
  return due !== undefined;
}

async function makeWhatIsMissing(tx: Transaction<Tables>, vault: Vault): Promise<SigningKey[]> {
  await sealPlainKeys(tx, vault);
  const states = (await tx.selectFrom('signing_key').select('state').execute()).map(({ state }) => state);
  if (!states.includes('current')) await insertKey(tx, vault, 'current');
  if (!states.includes('next')) await insertKey(tx, vault, 'next');
  return (await readKeys(tx, vault)).keys;
}

/** Keys of a database from before they were sealed. */
async function sealPlainKeys(tx: Transaction<Tables>, vault: Vault): Promise<void> {
  const plain = await tx.selectFrom('signing_key').select(['kid', 'private_jwk']).where('private_jwk', 'is not', null).execute();
  for (const { kid, private_jwk } of plain) {
    const change = { private_jwk: null, ...vault.seal(JSON.stringify(private_jwk), aboutKey(kid)) };
    await tx.updateTable('signing_key').set(change).where('kid', '=', kid).execute();
  }
}

// Whoever comes at the same time queues up here.
function withKeysLocked<Outcome>(db: Db, work: (tx: Transaction<Tables>) => Promise<Outcome>): Promise<Outcome> {
  return db.transaction().execute(async (tx) => {
    await sql`lock table signing_key in share row exclusive mode`.execute(tx);
    return work(tx);
  });
}

async function readKeys(db: Db, vault: Vault): Promise<{ keys: SigningKey[]; complete: boolean }> {
  const rows = await db
    .selectFrom('signing_key')
    .select(['kid', 'state', 'sealed', 'key_version'])
    .orderBy('state')
    .orderBy('created_at', 'desc')
    .execute();
  const sealed = rows.flatMap(({ kid, state, sealed, key_version }) =>
    sealed && key_version !== null ? [{ kid, state, jwk: vault.open({ sealed, key_version }, aboutKey(kid)) }] : [],
  );
  const keys = sealed.map(({ kid, jwk }) => ({ ...(JSON.parse(jwk) as JWK), kid }));
  const states = new Set(sealed.map(({ state }) => state));
  return { keys, complete: sealed.length === rows.length && states.has('current') && states.has('next') };
}

async function insertKey(tx: Transaction<Tables>, vault: Vault, state: 'current' | 'next'): Promise<void> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const sealed = vault.seal(JSON.stringify({ ...jwk, alg: 'ES256', use: 'sig' }), aboutKey(kid));
  await tx
    .insertInto('signing_key')
    .values({ kid, state, ...sealed, ...(state === 'current' && { current_since: sql<Date>`now()` }) })
    .execute();
}
