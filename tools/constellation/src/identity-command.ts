import { urlOf } from '@facet/database/provision';
import { spawnSync } from 'node:child_process';
import { apps, roleOf } from './apps.js';
import { readChoices } from './config.js';
import { addressOf } from './data.js';
import { Secrets } from './secrets.js';

// Runs a command of the identity provider on the running installation: `npm run identity -- set-role carol moderator`.
const choices = readChoices([]);
const secrets = Secrets.in(choices.home);
const { portOffset, webHost, kafkaBrokers, inherited } = choices;
const app = apps.find(({ name }) => name === 'identity-provider')!;
const databaseUrl = (role: string) => urlOf(addressOf(choices), { role, password: secrets.databasePassword(role) });
const environment = {
  ...(inherited as Record<string, string>),
  FACET_ENV: 'development',
  ...app.environment({ portOffset, webHost, kafkaBrokers, databaseUrl, secrets }),
  DATABASE_URL: databaseUrl(roleOf(app)),
};
const { status } = spawnSync(process.execPath, [`apps/${app.name}/dist/command.js`, ...process.argv.slice(2)], {
  env: environment,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
