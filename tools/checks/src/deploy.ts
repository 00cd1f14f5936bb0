import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { composeToolViolations, composeViolations, dockerfileViolations } from './deploy-rules.js';
import { readEnvironment } from './config.js';
import { report } from './sources.js';

const root = process.cwd();
const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const apps = globSync('apps/*/package.json', { cwd: root })
  .map((path) => basename(join(path, '..')))
  .filter((name) => name !== 'system-e2e');
const secrets = Object.fromEntries([...compose.matchAll(/\$\{(\w+)/g)].map((match) => [match[1]!, 'x']));

report('deploy files', [
  ...dockerfileViolations(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')),
  ...composeViolations(compose, apps),
  ...composeToolViolations(root, { ...readEnvironment(), ...secrets }),
]);
