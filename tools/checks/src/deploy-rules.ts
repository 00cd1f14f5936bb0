import { validate } from 'dockerfile-utils';
import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';

/** What is wrong with a Dockerfile, as `line: what`. */
export function dockerfileViolations(text: string): string[] {
  return validate(text).map(({ range, message }) => `Dockerfile:${range.start.line + 1}: ${message}`);
}

interface Compose {
  readonly services: Record<
    string,
    {
      readonly build?: { readonly args?: { readonly APP?: string } };
      readonly image?: string;
      readonly environment?: Readonly<Record<string, string>>;
      readonly volumes?: readonly string[];
    }
  >;
}

/** Applications that no container of the compose file runs, containers that run another one than their name says or without a certificate of their own, and images without a version. */
export function composeViolations(text: string, apps: readonly string[]): string[] {
  const { services } = parse(text, { merge: true }) as Compose;
  return [
    ...apps
      .filter((app) => services[app]?.build?.args?.APP !== app)
      .map((app) => `docker-compose.yml: no service ${app} that runs the application ${app}`),
    ...apps
      .filter((app) => services[app] && !hasCertificate(app, services[app]))
      .map((app) => `docker-compose.yml: ${app} has no certificate of its own`),
    ...Object.entries(services)
      .filter(([, { image }]) => image && !/:\d/.test(image))
      .map(([name, { image }]) => `docker-compose.yml: ${name} uses ${image} without a version`),
  ];
}

const tlsFolder = '/run/facet/tls';

function hasCertificate(app: string, { environment = {}, volumes = [] }: Compose['services'][string]): boolean {
  const files = ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'TLS_CA_FILE'].every((name) => environment[name]?.startsWith(`${tlsFolder}/`));
  return files && volumes.includes(`./.facet/certs/${app}:${tlsFolder}:ro`);
}

/** What docker-compose itself says of the file in this folder; nothing where it is not installed. */
export function composeToolViolations(root: string, environment: NodeJS.ProcessEnv): string[] {
  const { status, stderr, error } = spawnSync('docker-compose', ['config', '-q'], { cwd: root, encoding: 'utf8', env: environment });
  return error || status === 0 ? [] : stderr.trim().split('\n');
}
