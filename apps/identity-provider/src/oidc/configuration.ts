import { scopesOf, type ClientCertificates } from '@facet/auth';
import { interactionPolicy, type Client, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { findAccountById } from '../accounts/accounts.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { isFirstParty, type FirstPartyClients } from '../clients/first-party.js';
import type { SigningKey } from '../keys/signing-keys.js';
import { derivedKey, type Vault } from '../keys/vault.js';
import { errorPage, signedOutPage, signOutPage } from '../pages/protocol-pages.js';
import type { Db } from '../store/tables.js';
import { assurance } from './assurance.js';
import { certificateBinding, endpointAliases } from './certificate-binding.js';
import { adapterFor } from './client-adapter.js';
import { forgetEnded } from './forget-ended.js';
import { cookieNames, keepsSecureCookies } from './host-cookies.js';
import { loadGrant } from './load-grant.js';
import { answerAsBefore } from './repeat-refreshes.js';
import type { RefreshRepeats } from './refresh-repeats.js';
import { completeClaims, resourceOf, resourceServer, type SignedInAccount } from './token-claims.js';

const minute = 60;
const day = 86_400;

export interface ProviderOptions {
  readonly issuer: string;
  readonly keys: readonly SigningKey[];
  readonly db: Db;
  readonly vault: Vault;
  readonly clients: FirstPartyClients;
  readonly rootKey: Uint8Array;
  readonly audit: AuditTrail;
  readonly certificates: ClientCertificates;
  /** Where partners with a certificate reach us, where they can. */
  readonly partnerUrl: string | undefined;
  readonly report: (error: unknown) => void;
}

export function configurationOf(options: ProviderOptions, repeats: RefreshRepeats): Configuration {
  const { db, vault, keys, clients, rootKey, issuer } = options;
  const secure = keepsSecureCookies(issuer);
  return {
    adapter: adapterFor(db, vault, clients, issuer),
    jwks: { keys: [...keys] },
    scopes: ['openid', 'offline_access', ...scopesOf(['admin'])],
    acrValues: Object.values(assurance),
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    responseTypes: ['code', 'none'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientBasedCORS: () => false,
    clientDefaults: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], id_token_signed_response_alg: 'ES256' },
    extraClientMetadata: { properties: ['bot_id', 'bot_role'] },
    cookies: {
      keys: [derivedKey(rootKey, 'cookies').toString('base64url')],
      names: cookieNames(issuer),
      long: { signed: true, httpOnly: true, sameSite: 'lax', secure },
      short: { signed: true, httpOnly: true, sameSite: 'lax', secure },
    },
    pkce: { required: () => true },
    rotateRefreshToken: ({ oidc }) => oidc.client?.clientAuthMethod === 'none',
    issueRefreshToken: (_context, client, source) =>
      client.grantTypeAllowed('refresh_token') && (isFirstParty(client.clientId) || source.scopes.has('offline_access')),
    // A phone stays signed in without the browser that it signed in with; a browser's tokens end with its session here.
    expiresWithSession: (_context, source) => source.clientId === 'web-app' || !source.scopes.has('offline_access'),
    allowOmittingSingleRegisteredRedirectUri: false,
    ttl: {
      AccessToken: 10 * minute,
      AuthorizationCode: minute,
      ClientCredentials: 10 * minute,
      Grant: 90 * day,
      IdToken: 60 * minute,
      Interaction: 60 * minute,
      RefreshToken: 30 * day,
      Session: 14 * day,
    },
    features: features(options),
    discovery: endpointAliases(options.partnerUrl),
    interactions: { policy: policy(), url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: async (context, id, token) => {
      const account = await findAccountById(db, id);
      if (!account || (!token && (await forgetEnded(context, db)))) return undefined;
      if (token) await answerAsBefore(context, token, repeats);
      return {
        accountId: account.id,
        role: account.role,
        tokensNotBefore: account.tokens_not_before,
        claims: () => ({ sub: account.id }),
      } satisfies SignedInAccount;
    },
    loadExistingGrant: loadGrant,
    formats: { customizers: { jwt: completeClaims } },
    fetch: (url, init) =>
      isOurOwn(clients, String(url)) ? fetch(url, { ...init, dispatcher: undefined } as RequestInit) : fetch(url, init),
    renderError: errorPage,
  };
}

function features({ rootKey, certificates }: ProviderOptions): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: true, logoutSource: signOutPage, postLogoutSuccessSource: signedOutPage },
    backchannelLogout: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    pushedAuthorizationRequests: { enabled: true },
    mTLS: certificateBinding(certificates),
    dPoP: {
      enabled: true,
      nonceSecret: derivedKey(rootKey, 'dpop-nonces'),
      requireNonce: ({ oidc }) => oidc.client?.clientId === 'mobile-app',
    },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (context, client) => {
        // Called before the scopes are looked at: a partner that names none asks for all that it may have.
        askForEverything(context, client);
        return resourceOf(client);
      },
      getResourceServerInfo: resourceServer,
    },
  };
}

function askForEverything({ oidc: { params } }: KoaContextWithOIDC, client: Client): void {
  if (params?.grant_type === 'client_credentials') params.scope ??= client.scope;
}

/** Our own phone app need not ask again at each sign-in: nobody else can use what it gets, which is bound to its key. */
function policy() {
  const prompts = interactionPolicy.base();
  prompts.get('consent')!.checks.remove('native_client_prompt');
  prompts.get('login')!.checks.add(stepUp());
  prompts.get('login')!.checks.add(accountGone());
  return prompts;
}

/** RFC 9470: who asks for two factors, and nothing less, sends people to prove them. Whoever has but one comes back with one, and the token says so. */
function stepUp() {
  const { Check } = interactionPolicy;
  return new Check('acr_values', 'more than one factor is asked for', 'login_required', ({ oidc }) => {
    const enough = oidc.params?.acr_values !== assurance.multi || oidc.session?.acr === assurance.multi || oidc.result?.login !== undefined;
    return enough ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  });
}

/** A session whose account is locked or gone is nobody's. */
function accountGone() {
  const { Check } = interactionPolicy;
  return new Check('account_gone', 'the account cannot be used', 'login_required', ({ oidc }) => {
    const gone = oidc.session?.accountId !== undefined && !oidc.entities.Account;
    return gone ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
  });
}

function isOurOwn(clients: FirstPartyClients, url: string): boolean {
  return clients['web-app']?.backchannelLogoutUri === url;
}
