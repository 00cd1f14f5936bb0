import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { composeToolViolations, composeViolations, dockerfileViolations } from './deploy-rules.js';
import { readEnvironment } from './config.js';
import { developmentImportViolations, imageViolations } from './image-rules.js';
import { readSources, report } from './sources.js';

const root = process.cwd();
const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const apps = globSync('apps/*/package.json', { cwd: root })
  .map((path) => basename(join(path, '..')))
  .filter((name) => name !== 'system-e2e');
const dockerfile = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8');
const built = globSync('{apps,libs,tools}/*/{dist,src}/**/*.{js,ts}', { cwd: root });
const secrets = Object.fromEntries([...compose.matchAll(/\$\{(\w+)/g)].map((match) => [match[1]!, 'x']));

report('deploy files', [
  ...dockerfileViolations(dockerfile),
  ...imageViolations(dockerfile, built),
  ...developmentImportViolations(readSources(root)),
  ...composeViolations(compose, apps),
  ...composeToolViolations(root, { ...readEnvironment(), ...secrets }),
]);
