import { parseArgs } from 'node:util';
import { PersonalData } from '../accounts/personal-data.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { readAudit } from '../audit/read-audit.js';
import type { Config } from '../config.js';
import { rotateSigningKeys } from '../keys/signing-keys.js';
import { Vault } from '../keys/vault.js';
import { partnerCommands } from '../clients/partner-commands.js';
import { PartnerRegistry } from '../clients/partner-registry.js';
import { keyCommands } from '../partner-keys/key-commands.js';
import { PartnerKeys } from '../partner-keys/partner-keys.js';
import { revocationCommands } from '../revocations/revocation-commands.js';
import { auditEvents, type Db } from '../store/tables.js';
import { reEncrypt, renewLookups } from './re-encrypt.js';

type Keys = Pick<Config, 'ENCRYPTION_KEYS' | 'ROOT_KEY'> & Partial<Pick<Config, 'FACET_ENV'>>;
interface Tools {
  readonly vault: Vault;
  readonly personal: PersonalData;
  readonly audit: AuditTrail;
  readonly partnerKeys: PartnerKeys;
  readonly partners: PartnerRegistry;
}
type Command = (db: Db, tools: Tools, options: readonly string[]) => Promise<string>;

const commands: Readonly<Record<string, Command>> = {
  'rotate-signing-keys': async (db, { vault }) => {
    if ((await rotateSigningKeys(db, vault)) === 'rotated')
      return 'The next key signs now, the current one retired, and there is another next one.';
    throw new Error('The next signing key is too young: some verifier could not know it yet. Try again in five minutes.');
  },
  're-encrypt': async (db, { vault, personal }) => {
    const [sealed, lookups] = [await reEncrypt(db, vault), await renewLookups(db, personal)];
    return `${sealed} values are sealed with version ${vault.version} now, and ${lookups} lookups are new.`;
  },
  audit: async (db, { personal, audit }, options) => {
    const { who, event, since, until, limit } = auditOptions(options);
    const rows = await readAudit({ db, personal, audit }, { who, event, from: since, to: until }, limit);
    return rows.map((row) => JSON.stringify(row)).join('\n');
  },
  ...partnerCommands,
  ...keyCommands,
  ...revocationCommands,
};

/** What an operator may do to the database of a running issuer. Answers with what was done; throws with a text for him. */
export async function runCommand(
  name: string | undefined,
  db: Db,
  { ENCRYPTION_KEYS, ROOT_KEY, FACET_ENV = 'production' }: Keys,
  options: readonly string[] = [],
): Promise<string> {
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(`There are these commands: ${Object.keys(commands).join(', ')}.`);
  const vault = new Vault(ENCRYPTION_KEYS);
  const audit = new AuditTrail(vault, ROOT_KEY);
  const partnerKeys = new PartnerKeys(db, audit, { ROOT_KEY, FACET_ENV });
  const personal = new PersonalData(vault, ROOT_KEY);
  const partners = new PartnerRegistry(db, personal, audit, FACET_ENV === 'development');
  return command(db, { vault, personal, audit, partnerKeys, partners }, options);
}

function auditOptions(options: readonly string[]) {
  const text = { type: 'string' } as const;
  const known = { who: text, event: text, since: text, until: text, limit: text };
  const { values } = parseArgs({ args: [...options], options: known });
  const { who, event, since, until, limit = '1000' } = values;
  const wanted = auditEvents.find((each) => each === event);
  if (wanted !== event) throw new Error(`Events are: ${auditEvents.join(', ')}.`);
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new Error('--limit is a number of rows, from 1.');
  return { who, event: wanted, since: timeIn(since), until: timeIn(until), limit: Number(limit) };
}

function timeIn(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new Error(`${text} is no time: write 2026-10-02T12:00:00Z.`);
  return time;
}
