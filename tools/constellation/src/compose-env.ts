import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apps, roleOf } from './apps.js';
import { Secrets } from './secrets.js';

// Writes .env for docker-compose.yml: fresh secrets, and from them what each container is told. Events travel through Kafka there and replicas share state in Redis, so BFFs need no database. Never over an existing one.
const path = '.env';
if (existsSync(path)) {
  process.stderr.write('.env exists already; delete it to make new secrets.\n');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'facet-env-'));
const secrets = Secrets.in(folder);
const password = secrets.databasePassword('facet');
const roles = apps.filter(({ schema }) => schema).map(roleOf);
const databaseUrl = (role: string) => `postgres://${role}:${secrets.databasePassword(role)}@postgres:5432/facet`;

const lines = apps.flatMap((app) => {
  const told = app.environment({ portOffset: 0, kafkaBrokers: 'kafka:9092', databaseUrl, secrets });
  const prefix = app.name.toUpperCase().replace('-', '_');
  return [
    'DATABASE_URL',
    'INTERNAL_KEYS',
    'INTERNAL_ROOT_KEY',
    'ENCRYPTION_KEYS',
    'ROOT_KEY',
    'CLIENTS',
    'CLIENT_KEY',
    'SESSION_KEYS',
  ].flatMap((key) => (told[key] && !(key === 'DATABASE_URL' && app.stateSchema) ? [`${prefix}_${key}='${told[key]}'`] : []));
});
const passwords = JSON.stringify(Object.fromEntries(roles.map((role) => [role, secrets.databasePassword(role)])));
writeFileSync(
  path,
  [`FACET_USER='${user()}'`, `POSTGRES_PASSWORD='${password}'`, `DATABASE_PASSWORDS='${passwords}'`, ...lines, ''].join('\n'),
  { mode: 0o600 },
);
rmSync(folder, { recursive: true });
process.stdout.write('.env holds new secrets. Now: npm run certs, then docker compose up --build\n');

/** Whoever makes the certificates reads them in the containers; root gives them to user 1000. */
function user(): string {
  const [uid = 1_000, gid = 1_000] = [process.getuid?.(), process.getgid?.()];
  return uid === 0 ? '1000:1000' : `${uid}:${gid}`;
}
