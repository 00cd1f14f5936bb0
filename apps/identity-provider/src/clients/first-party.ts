import { audienceOf, scopesOf } from '@facet/auth';
import type { AdapterPayload } from 'oidc-provider';
import { z } from 'zod';

const Client = z.strictObject({
  /** Compared exactly; only the port of a phone's loopback address is free (RFC 8252). */
  redirectUris: z.array(z.url()).min(1),
  postLogoutRedirectUris: z.array(z.url()).default([]),
  backchannelLogoutUri: z.url().optional(),
});
export const PublicKeys = z.object({
  keys: z
    .array(z.looseObject({ kty: z.enum(['EC', 'RSA']), d: z.never({ error: 'is the private part: keys must be public' }).optional() }))
    .min(1),
});

/** Our own applications, whose code grant works as far as they are here. `web-app` proves itself by a key, `mobile-app` is public and bound to the phone's key. */
export const FirstPartyClients = z.strictObject({
  'web-app': Client.extend({ jwks: PublicKeys }).optional(),
  'mobile-app': Client.omit({ backchannelLogoutUri: true }).optional(),
});
export type FirstPartyClients = z.infer<typeof FirstPartyClients>;

export const userScopes = ['openid', 'offline_access', ...scopesOf(['admin'])].join(' ');

/** As what the issuer's own pages about the account ask who is there. */
export const accountClient = 'account';

/** Whether an application is our own: people need not be asked whether it may do what it is for. */
export function isFirstParty(clientId: string): boolean {
  return clientId === accountClient || audienceOf(clientId) !== 'partner-bff';
}

export function firstPartyMetadata(clients: FirstPartyClients, clientId: string, issuer: string): AdapterPayload | undefined {
  if (clientId === accountClient) return accountPages([`${issuer}/account`, `${issuer}/account/close`, `${issuer}/account/keys`]);
  if (clientId === 'web-app' && clients['web-app']) return webApp(clients['web-app']);
  if (clientId === 'mobile-app' && clients['mobile-app']) return mobileApp(clients['mobile-app']);
  return undefined;
}

function accountPages(redirectUris: string[]): AdapterPayload {
  return {
    client_id: accountClient,
    redirect_uris: redirectUris,
    grant_types: [],
    response_types: ['none'],
    token_endpoint_auth_method: 'none',
    scope: 'openid',
  };
}

function webApp({
  redirectUris,
  postLogoutRedirectUris,
  backchannelLogoutUri,
  jwks,
}: NonNullable<FirstPartyClients['web-app']>): AdapterPayload {
  return {
    ...code('web-app', redirectUris, postLogoutRedirectUris),
    application_type: 'web',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
    ...(backchannelLogoutUri && { backchannel_logout_uri: backchannelLogoutUri, backchannel_logout_session_required: true }),
  };
}

function mobileApp({ redirectUris, postLogoutRedirectUris }: NonNullable<FirstPartyClients['mobile-app']>): AdapterPayload {
  return {
    ...code('mobile-app', redirectUris, postLogoutRedirectUris),
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    dpop_bound_access_tokens: true,
  };
}

function code(client_id: string, redirectUris: string[], postLogoutRedirectUris: string[]) {
  return {
    client_id,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutRedirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
    scope: userScopes,
  };
}
