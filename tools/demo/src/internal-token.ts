import { InternalTokenMinter, newCaller, scopesOf } from '@facet/auth';
import { Secrets, services } from '@facet/constellation';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from './config.js';

// Prints what mobile-bff would send to a service as a demo user, for experiments around the BFFs. Works on a demo installation alone: nothing else has these files.
const [user = '', service = ''] = process.argv.slice(2);
const { FACET_HOME: home } = readConfig();
const demoFile = join(home, 'demo.json');

function fail(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

if (!existsSync(demoFile)) fail('There is no demo world here: npm start makes one.');
const { users } = JSON.parse(readFileSync(demoFile, 'utf8')) as { users: Record<string, { id: string; role: string }> };
const names = services.map(({ name }) => name);
const known = users[user] ?? fail(`There is no demo user "${user}". There are: ${Object.keys(users).join(', ')}.`);
if (!names.includes(service)) fail(`There is no service "${service}". There are: ${names.join(', ')}.`);

const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey: Buffer.from(Secrets.in(home).rootKey('mobile-bff'), 'base64url') });
const caller = newCaller({ subject: known.id, kind: 'user', client: 'mobile-app', scopes: scopesOf([known.role]), roles: [known.role] });
process.stdout.write(`${minter.mint(caller, service)}\n`);
