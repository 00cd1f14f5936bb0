import { parseArgs } from 'node:util';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Db } from '../store/tables.js';
import { mostDays, longestName, type KeyFault } from './key-order.js';
import { addPartnerAdmin, removePartnerAdmin } from './partner-admins.js';
import type { ListedKey, PartnerKeys } from './partner-keys.js';

interface Tools {
  readonly audit: AuditTrail;
  readonly partnerKeys: PartnerKeys;
}
type Command = (db: Db, tools: Tools, options: readonly string[]) => Promise<string>;

const faults: Readonly<Record<KeyFault, string>> = {
  'no such partner': 'There is no partner of this --client.',
  name: `--name is what the key is for, in ${longestName} characters at most.`,
  scopes: '--scopes are some of those that the partner has, separated by spaces.',
  networks: '--networks are up to twenty, such as 192.0.2.0/24 or 2001:db8::/32, separated by commas.',
  days: `--days is how long the key lives, from 1 to ${mostDays}.`,
  'two live keys': 'The partner has two live keys. Revoke one first: list-keys tells their ids.',
};

/** Keys of partners, for operators. */
export const keyCommands: Readonly<Record<string, Command>> = {
  'create-key': async (_db, { partnerKeys }, options) => {
    const { client, name, scopes, days, networks } = read(options, ['client', 'name', 'scopes'], { days: '90', networks: '' });
    const order = { clientId: client, name, scopes: words(scopes, ' '), networks: words(networks, ','), days: Number(days) };
    const made = await partnerKeys.create(order, null);
    if (typeof made === 'string') throw new Error(faults[made]);
    return made.key;
  },
  'list-keys': async (_db, { partnerKeys }, options) => {
    const { client } = read(options, ['client']);
    return (await partnerKeys.list(client)).map((key: ListedKey) => JSON.stringify(key)).join('\n');
  },
  'revoke-key': async (_db, { partnerKeys }, options) => {
    const { id } = read(options, ['id']);
    if (await partnerKeys.revoke(id, null)) return 'The key is revoked.';
    throw new Error('There is no live key of this --id: list-keys tells their ids.');
  },
  'add-partner-admin': async (db, { audit }, options) => {
    const { who, client } = read(options, ['who', 'client']);
    if (await addPartnerAdmin(db, audit, who, client)) return `${who} manages the keys of ${client} now.`;
    throw new Error('There is no such person, or no such partner.');
  },
  'remove-partner-admin': async (db, { audit }, options) => {
    const { who, client } = read(options, ['who', 'client']);
    if (await removePartnerAdmin(db, audit, who, client)) return `${who} manages the keys of ${client} no more.`;
    throw new Error(`${who} does not manage the keys of ${client}.`);
  },
};

/** The options of a command: those it needs, and those that it has a usual value for. */
function read<Needed extends string, Usual extends string = never>(
  options: readonly string[],
  needed: readonly Needed[],
  usual = {} as Readonly<Record<Usual, string>>,
): Record<Needed | Usual, string> {
  const names: readonly string[] = [...needed, ...Object.keys(usual)];
  const known = Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const));
  const { values } = parseArgs({ args: [...options], options: known });
  for (const name of needed) if (typeof values[name] !== 'string') throw new Error(`--${name} is needed.`);
  return { ...usual, ...(values as Record<Needed | Usual, string>) };
}

function words(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter(Boolean);
}
