import { audienceOf, facetClaims, scopesOf } from '@facet/auth';
import Provider, { errors, type Client, type Configuration, type JWTStructured } from 'oidc-provider';
import { isSecretOf } from '../clients/partners.js';
import type { SigningKey } from '../keys/signing-keys.js';
import type { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { adapterFor } from './client-adapter.js';
import { AlreadySeen } from './state-adapter.js';

const clientCredentialsSeconds = 600;

export interface ProviderOptions {
  readonly issuer: string;
  readonly keys: readonly SigningKey[];
  readonly db: Db;
  readonly vault: Vault;
}

/** The OpenID Connect issuer: discovery, key set, and client credentials for partners. Other grants are off until something uses them. */
export function createProvider({ issuer, keys, db, vault }: ProviderOptions): Provider {
  const provider = new Provider(issuer, configurationOf(keys, db, vault));
  provider.proxy = true;
  provider.Client.prototype.compareClientSecret = function (this: Client, given: string) {
    return isSecretOf(this.clientSecret ?? '', given);
  };
  provider.use(async (context, next) => {
    await next();
    if (context.oidc?.route === 'discovery') correct(context.body as Record<string, unknown>);
  });
  detectReplays(provider);
  return provider;
}

/** Asking first and writing then is a race between replicas: the row decides, which is written once. */
function detectReplays({ ReplayDetection }: Provider): void {
  const asked = ReplayDetection.unique.bind(ReplayDetection);
  ReplayDetection.unique = async (...jti) => {
    try {
      return await asked(...jti);
    } catch (error) {
      if (error instanceof AlreadySeen) return false;
      throw error;
    }
  };
}

function configurationOf(keys: readonly SigningKey[], db: Db, vault: Vault): Configuration {
  return {
    adapter: adapterFor(db, vault),
    jwks: { keys: [...keys] },
    scopes: scopesOf(['admin']),
    responseTypes: [],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    clientBasedCORS: () => false,
    clientDefaults: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], id_token_signed_response_alg: 'ES256' },
    extraClientMetadata: { properties: ['bot_id', 'bot_role'] },
    ttl: { ClientCredentials: clientCredentialsSeconds },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (context, client) => {
          // Called before the scopes are looked at: a partner that names none asks for all that it may have.
          if (context.oidc.params) context.oidc.params.scope ??= client.scope;
          return resourceOf(client);
        },
        getResourceServerInfo: (_context, resource, client) => resourceServer(resource, client),
      },
    },
    formats: { customizers: { jwt: (_context, token, parts) => speakForBot(token.client, parts) } },
    renderError: (context, error) => {
      context.body = error;
    },
  };
}

/** The name of a BFF as a resource (RFC 8707). */
function resourceOf({ clientId }: Client): string {
  return `urn:facet:${audienceOf(clientId)}`;
}

function resourceServer(resource: string, client: Client) {
  if (resource !== resourceOf(client)) throw new errors.InvalidTarget();
  return {
    scope: client.scope ?? '',
    audience: audienceOf(client.clientId),
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'ES256' as const } },
  };
}

function speakForBot(client: Client | undefined, { payload }: JWTStructured): void {
  const { bot_id, bot_role } = { ...client?.metadata() } as Readonly<Record<string, unknown>>;
  if (typeof bot_id !== 'string' || typeof bot_role !== 'string') throw new Error('A token for a client without a bot');
  const scopes = String(payload.scope ?? '').split(' ');
  Object.assign(payload, { sub: bot_id, ...facetClaims({ kind: 'bot', roles: [bot_role], scopes }) });
}

/** RFC 8414: without a grant that uses it there is no authorization endpoint. */
function correct(metadata: Record<string, unknown>): void {
  for (const name of ['authorization_endpoint', 'code_challenge_methods_supported', 'claims_parameter_supported']) delete metadata[name];
  Object.assign(metadata, { response_modes_supported: [] });
}
