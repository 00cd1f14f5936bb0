import { expect, it } from 'vitest';
import { composeViolations, dockerfileViolations } from './deploy-rules.js';

it('an instruction that Docker does not know fails the check', () => {
  expect(dockerfileViolations('FROM node:24\nRUNN true\n')).toHaveLength(1);
});

it('a good Dockerfile passes', () => {
  expect(dockerfileViolations('FROM node:24\nRUN true\n')).toEqual([]);
});

const certificate = (app: string) =>
  `    environment: { TLS_CERT_FILE: /run/facet/tls/c, TLS_KEY_FILE: /run/facet/tls/k, TLS_CA_FILE: /run/facet/tls/a }\n    volumes: ['./.facet/certs/${app}:/run/facet/tls:ro']\n`;

it('an application without a certificate, or with that of another, fails the check', () => {
  const compose = (of: string) => `services:\n  a:\n    build: { args: { APP: a } }\n${of}`;
  expect(composeViolations(compose(certificate('a')), ['a'])).toEqual([]);
  for (const of of ['', certificate('b')])
    expect(composeViolations(compose(of), ['a'])).toEqual(['docker-compose.yml: a has no certificate of its own']);
});

it('an application without a container, and an image without a version, fail the check', () => {
  const compose = `services:\n  a:\n    build: { args: { APP: a } }\n${certificate('a')}  b:\n    build: { args: { APP: a } }\n${certificate('b')}  db:\n    image: postgres\n`;
  expect(composeViolations(compose, ['a', 'b'])).toHaveLength(2);
});
