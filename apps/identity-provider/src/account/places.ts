import { sql } from 'kysely';
import type { Vault } from '../keys/vault.js';
import { aboutOrigin } from '../oidc/state-adapter.js';
import type { Db } from '../store/tables.js';

/** Where somebody was when a place was last kept: a browser at its last sign-in somewhere, an application when it was signed in to. */
export interface Whereabouts {
  readonly address: string;
  readonly agent: string;
}

/** Of the places where somebody is signed in, by their ids. */
export async function whereaboutsOf(db: Db, vault: Vault, accountId: string): Promise<Map<string, Whereabouts>> {
  const rows = await db
    .selectFrom('oidc_state')
    .select(['model', 'id_hash', 'from_sealed', 'from_key_version'])
    .where('account_id', '=', accountId)
    .where('model', 'in', ['Session', 'Grant'])
    .where('from_sealed', 'is not', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .execute();
  return new Map(
    rows.map(({ model, id_hash, from_sealed, from_key_version }) => {
      const sealed = { sealed: from_sealed!, key_version: from_key_version! };
      return [id_hash, JSON.parse(vault.open(sealed, aboutOrigin(model, id_hash))) as Whereabouts];
    }),
  );
}

const browsers = {
  Edg: 'Edge',
  OPR: 'Opera',
  Firefox: 'Firefox',
  SamsungBrowser: 'Samsung Internet',
  CriOS: 'Chrome',
  FxiOS: 'Firefox',
  Chrome: 'Chrome',
  Safari: 'Safari',
};
const systems = {
  Android: 'Android',
  iPhone: 'iPhone',
  iPad: 'iPad',
  Windows: 'Windows',
  CrOS: 'ChromeOS',
  'Mac OS X': 'macOS',
  Linux: 'Linux',
};

/** What a user agent calls itself, as people do: `Firefox, Linux`; or else how it begins. */
export function agentName(agent: string): string {
  const found = (names: Readonly<Record<string, string>>) => Object.entries(names).find(([sign]) => agent.includes(sign))?.[1];
  const names = [found(browsers), found(systems)].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(', ') : agent.slice(0, 60);
}
