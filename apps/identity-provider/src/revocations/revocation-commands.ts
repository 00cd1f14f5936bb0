import { isRole, type Role } from '@facet/auth';
import { isFirstParty } from '../clients/first-party.js';
import type { Db } from '../store/tables.js';
import { lockAccount, revokeClient, revokeToken, setRole, unlockAccount, type Tools } from './standing.js';

type Command = (db: Db, tools: Tools, options: readonly string[]) => Promise<string>;

const roles: readonly Role[] = ['admin', 'moderator', 'user', 'guest'];
const longestId = 200;

/** What ends before its time because an operator says so. Every process of the system knows within a second. */
export const revocationCommands: Readonly<Record<string, Command>> = {
  lock: async (db, tools, [who, ...rest]) => {
    const name = only('lock <username, address or id>', who, rest);
    if (await lockAccount(db, tools, name)) return `${name} is locked, and signed out everywhere.`;
    throw new Error(`There is no account ${name} that is not locked.`);
  },
  unlock: async (db, tools, [who, ...rest]) => {
    const name = only('unlock <username, address or id>', who, rest);
    if (await unlockAccount(db, tools, name)) return `${name} can sign in again.`;
    throw new Error(`There is no account ${name} that is locked.`);
  },
  'set-role': async (db, tools, [who, role, ...rest]) => {
    const [name, wanted] = [only('set-role <username, address or id> <role>', who, rest), role ?? ''];
    if (!isRole(wanted)) throw new Error(`Roles are: ${roles.join(', ')}.`);
    if (await setRole(db, tools, name, wanted)) return `${name} is ${wanted} now; tokens that say otherwise are over.`;
    throw new Error(`There is no account ${name}.`);
  },
  'revoke-client': async (db, tools, [client, ...rest]) => {
    const name = only('revoke-client <client id>', client, rest);
    const isOurs = isFirstParty(name);
    if (!(await revokeClient(db, tools, name, isOurs))) throw new Error(`There is no client ${name}.`);
    return isOurs ? `Whoever was signed in at ${name} signs in again.` : `${name} is shut out for good.`;
  },
  'revoke-token': async (db, tools, [jti, ...rest]) => {
    const name = only('revoke-token <jti>', jti, rest);
    await revokeToken(db, tools, name);
    return `The token ${name} is over.`;
  },
};

function only(usage: string, value: string | undefined, rest: readonly string[]): string {
  if (!value || value.length > longestId || rest.length > 0) throw new Error(`Write: ${usage}`);
  return value;
}
