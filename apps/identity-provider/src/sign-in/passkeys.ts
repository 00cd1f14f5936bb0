import { createHmac, timingSafeEqual } from 'node:crypto';
import { generateAuthenticationOptions, generateRegistrationOptions } from '@simplewebauthn/server';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { sql, type Selectable } from 'kysely';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Account } from '../accounts/accounts.js';
import { derivedKey } from '../keys/vault.js';
import type { Db, PasskeyChallengeTable, PasskeyTable } from '../store/tables.js';
import { Assertion, Attestation, parsed } from './passkey-answers.js';

type Purpose = PasskeyChallengeTable['purpose'];
type Known = Selectable<PasskeyTable>;

/** Who a passkey says it is. `second`: it was asked of who had proved his password before, in that visit. */
export interface PasskeyProof {
  readonly accountId: string;
  readonly amr: string[];
  readonly second: boolean;
  readonly provenAt: Date;
}

export interface NamedPasskey {
  readonly id: string;
  readonly name: string;
  readonly since: Date;
  readonly lastUsed: Date | null;
}

const lifetimeMinutes = 5;
const lifetimeMs = lifetimeMinutes * 60_000;
// EdDSA, ES256, RS256.
const supportedAlgorithmIDs = [-8, -7, -257];
const mostPerAccount = 20;
const longestName = 60;

/**
 * Passkeys (WebAuthn Level 3): found by the browser without a name being typed, always with user verification, so that one is two factors. A challenge is
 * kept as a keyed hash, for one visit and purpose, for five minutes, for one try.
 */
export class Passkeys {
  readonly #key: Buffer;
  readonly #origin: string;
  readonly #rpId: string;

  constructor(
    private readonly db: Db,
    private readonly audit: AuditTrail,
    issuer: string,
    rootKey: Uint8Array,
  ) {
    this.#key = derivedKey(rootKey, 'passkey-challenges');
    this.#origin = new URL(issuer).origin;
    this.#rpId = new URL(issuer).hostname;
  }

  of(accountId: string): Promise<NamedPasskey[]> {
    return this.db
      .selectFrom('passkey')
      .select(['id', 'name', 'created_at as since', 'used_at as lastUsed'])
      .where('account_id', '=', accountId)
      .orderBy('created_at')
      .execute();
  }

  /** What the browser makes a new passkey with. */
  async enrolment(visit: string, { id, username, name }: Account) {
    const options = await generateRegistrationOptions({
      rpName: 'Facet',
      rpID: this.#rpId,
      userID: new TextEncoder().encode(id),
      userName: username,
      userDisplayName: name,
      timeout: lifetimeMs,
      supportedAlgorithmIDs,
      excludeCredentials: await this.#credentialsOf(id),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    await this.#keepChallenge(visit, 'enrol', options.challenge, id);
    return options;
  }

  /** Whether it is there now. One that is there already, of whomever, is refused. */
  async enrol(visit: string, accountId: string, { name, answer }: { name: string; answer: string }): Promise<boolean> {
    const challenge = await this.#takeChallenge(visit, 'enrol');
    const response = parsed(Attestation, answer);
    if (challenge?.account_id !== accountId || !response) return false;
    const { registrationInfo } = await orRefused(
      verifyRegistrationResponse({ response, supportedAlgorithmIDs, ...this.#expected(visit, 'enrol', challenge.challenge_hash) }),
    );
    if (!registrationInfo) return false;
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    const called = name.trim().slice(0, longestName) || 'Passkey';
    const insertion = sql`
      insert into passkey (id, account_id, public_key, counter, transports, name)
      select ${id}, ${accountId}, ${Buffer.from(publicKey)}, ${counter}, ${transports}, ${called}
      where (select count(*) from passkey where account_id = ${accountId}) < ${mostPerAccount}
      on conflict do nothing`;
    return this.db.transaction().execute(async (tx) => {
      const { numAffectedRows } = await insertion.execute(tx);
      if (numAffectedRows === 1n) await this.audit.record(tx, { event: 'factor-added', about: 'passkey', accountId });
      return numAffectedRows === 1n;
    });
  }

  /** What a passkey is asked for: anybody's, or after a password one of this account. */
  async question(visit: string, accountId: string | null) {
    const options = await generateAuthenticationOptions({
      rpID: this.#rpId,
      timeout: lifetimeMs,
      userVerification: 'required',
      ...(accountId !== null && { allowCredentials: await this.#credentialsOf(accountId) }),
    });
    await this.#keepChallenge(visit, 'sign-in', options.challenge, accountId);
    return options;
  }

  /** Whose passkey answered. Whatever is wrong with an answer, it is refused, and its question is used up. */
  async prove(visit: string, answer: string): Promise<PasskeyProof | undefined> {
    const challenge = await this.#takeChallenge(visit, 'sign-in');
    const response = parsed(Assertion, answer);
    const known = challenge && response && (await this.#find(response.id));
    if (!known || (challenge.account_id !== null && challenge.account_id !== known.account_id)) return undefined;
    const { userHandle } = response.response;
    if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString() !== known.account_id) return undefined;
    const { id, counter } = known;
    const { verified, authenticationInfo } = await orRefused(
      verifyAuthenticationResponse({
        response,
        credential: { id, publicKey: new Uint8Array(known.public_key), counter },
        ...this.#expected(visit, 'sign-in', challenge.challenge_hash),
      }),
    );
    if (!verified || !authenticationInfo || !(await this.#count(id, authenticationInfo.newCounter))) return undefined;
    const kept = authenticationInfo.credentialDeviceType === 'singleDevice' ? 'hwk' : 'swk';
    return { accountId: known.account_id, amr: [kept, 'user', 'mfa'], second: challenge.account_id !== null, provenAt: challenge.at };
  }

  async remove(accountId: string, id: string): Promise<boolean> {
    return this.db.transaction().execute(async (tx) => {
      const owned = tx.deleteFrom('passkey').where('account_id', '=', accountId).where('id', '=', id);
      const { numDeletedRows } = await owned.executeTakeFirst();
      if (numDeletedRows === 1n) await this.audit.record(tx, { event: 'factor-removed', about: 'passkey', accountId });
      return numDeletedRows === 1n;
    });
  }

  #expected(visit: string, purpose: Purpose, challengeHash: string) {
    return {
      expectedOrigin: this.#origin,
      expectedRPID: this.#rpId,
      requireUserVerification: true,
      expectedChallenge: (given: string) =>
        timingSafeEqual(Buffer.from(this.#hashOf(`${visit}:${purpose}:${given}`)), Buffer.from(challengeHash)),
    };
  }

  async #credentialsOf(accountId: string) {
    return this.db.selectFrom('passkey').select(['id', 'transports']).where('account_id', '=', accountId).execute();
  }

  #find(id: string): Promise<Known | undefined> {
    return this.db
      .selectFrom('passkey')
      .innerJoin('account', 'account.id', 'passkey.account_id')
      .selectAll('passkey')
      .where('passkey.id', '=', id)
      .where('account.status', '=', 'active')
      .executeTakeFirst();
  }

  /** A counter that does not grow is that of a copy; of two answers that come at once the row takes one. Many passkeys never count, and stay at nought. */
  async #count(id: string, counter: number): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('passkey')
      .set({ counter, used_at: sql`now()` })
      .where('id', '=', id)
      .where(({ or, and, eb }) => or([eb('counter', '<', counter), and([eb('counter', '=', 0), eb(sql.val(counter), '=', 0)])]))
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async #keepChallenge(visit: string, purpose: Purpose, challenge: string, accountId: string | null): Promise<void> {
    const columns = {
      account_id: accountId,
      challenge_hash: this.#hashOf(`${visit}:${purpose}:${challenge}`),
      expires_at: sql<Date>`now() + make_interval(mins => ${lifetimeMinutes})`,
    };
    await this.db
      .insertInto('passkey_challenge')
      .values({ visit_hash: this.#hashOf(visit), purpose, ...columns })
      .onConflict((conflict) => conflict.columns(['visit_hash', 'purpose']).doUpdateSet(columns))
      .execute();
  }

  #takeChallenge(visit: string, purpose: Purpose) {
    return this.db
      .deleteFrom('passkey_challenge')
      .where('visit_hash', '=', this.#hashOf(visit))
      .where('purpose', '=', purpose)
      .where('expires_at', '>', sql<Date>`now()`)
      .returning(['account_id', 'challenge_hash', sql<Date>`clock_timestamp()`.as('at')])
      .executeTakeFirst();
  }

  #hashOf(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** The library throws at whatever is wrong with an answer. */
async function orRefused<Verified extends object>(verified: Promise<Verified>): Promise<Partial<Verified>> {
  return verified.catch(() => ({}));
}
