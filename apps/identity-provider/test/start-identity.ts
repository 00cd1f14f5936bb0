import { randomBytes } from 'node:crypto';
import { deriveInternalKey } from '@facet/auth';
import { httpServer } from '@facet/edge';
import { silentLogger } from '@facet/observability';
import { startApp, type RunningApp } from '@facet/service-kit';
import { testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import { readConfig, type Config } from '../src/config.js';
import { mountOidc } from '../src/oidc/mount-oidc.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';

/** The name in tokens. It is nobody's address, so that a test needs no port of its own choice. */
export const issuer = 'https://identity.test';
export const partner = {
  clientId: 'demo-partner',
  botId: '01900000-0000-7000-8000-0000000000b0',
  secret: 'a-secret-of-the-demo-partner-that-is-long',
};

export const encryptionKeys = { 1: randomBytes(32) };
export const rootKey = randomBytes(32);
export const partnerBffRootKey = randomBytes(32);

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface Identity extends RunningApp {
  readonly url: string;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>;
}

export const identityDatabase = (): Promise<TestDatabase<Tables>> => testDatabase<Tables>({ schema: 'identity', migrations });

export async function startIdentity(
  database: TestDatabase<Tables>,
  environment: 'development' | 'production' = 'development',
  settings: Partial<Config> = {},
): Promise<Identity> {
  const config = {
    ...readConfig({
      FACET_ENV: environment,
      LOG_LEVEL: 'silent',
      SHUTDOWN_MS: '5000',
      DATABASE_URL: database.url,
      ISSUER_URL: issuer,
      ENCRYPTION_KEYS: JSON.stringify(asText(encryptionKeys)),
      ROOT_KEY: Buffer.from(rootKey).toString('base64url'),
      INTERNAL_KEYS: JSON.stringify(asText({ 'partner-bff': deriveInternalKey(partnerBffRootKey, 'identity-provider') })),
      MAIL_FROM: 'Facet <no-reply@identity.test>',
      ARGON2_MEMORY_KIB: '8192',
      ARGON2_ITERATIONS: '1',
    }),
    ...settings,
  };
  const running = await startApp({
    name: 'identity-provider',
    config,
    module: AppModule.forRoot(config),
    server: httpServer({ port: 0, managementPort: 0, proxies: config, tls: config, internal: config, setup: mountOidc }),
    logger: silentLogger,
  });
  const url = `http://127.0.0.1:${running.port}`;
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
  };
  return { ...running, url, post };
}

/** The five people of the demo world, the partner and its bot. */
export function demoWorld() {
  const roles = { alice: 'admin', bob: 'moderator', carol: 'user', dave: 'user', gina: 'guest' } as const;
  const openedAt = '2026-10-02T12:00:00.000Z';
  const people = Object.entries(roles).map(([username, role]) => ({
    id: userIds[username as keyof typeof roles],
    username,
    name: username.toUpperCase(),
    email: `${username}@demo.example`,
    role,
    kind: 'person',
    openedAt,
  }));
  const bot = { id: partner.botId, username: 'demo-partner-bot', name: 'Demo Partner', role: 'user', kind: 'bot', openedAt };
  return { accounts: [...people, bot], partner };
}

/** Asks for a token as a partner does. */
export async function askToken(url: string, form: Record<string, string>, secret = partner.secret, clientId = partner.clientId) {
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

function asText(keys: Readonly<Record<string, Uint8Array>>): Record<string, string> {
  return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, Buffer.from(key).toString('base64url')]));
}
