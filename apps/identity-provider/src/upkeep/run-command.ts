import { PersonalData } from '../accounts/personal-data.js';
import type { Config } from '../config.js';
import { rotateSigningKeys } from '../keys/signing-keys.js';
import { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { reEncrypt, renewLookups } from './re-encrypt.js';

type Keys = Pick<Config, 'ENCRYPTION_KEYS' | 'ROOT_KEY'>;
type Command = (db: Db, keys: { vault: Vault; personal: PersonalData }) => Promise<string>;

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
};

/** What an operator may do to the database of a running issuer. Answers with what was done; throws with a text for him. */
export async function runCommand(name: string | undefined, db: Db, { ENCRYPTION_KEYS, ROOT_KEY }: Keys): Promise<string> {
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(`There are these commands: ${Object.keys(commands).join(', ')}.`);
  const vault = new Vault(ENCRYPTION_KEYS);
  return command(db, { vault, personal: new PersonalData(vault, ROOT_KEY) });
}
