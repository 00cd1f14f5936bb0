import { generateKeyPairSync } from 'node:crypto';
import * as openid from 'openid-client';
import { Browser, type Visit } from './browser.js';
import { issuer, partner, type Identity } from './start-identity.js';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicJwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'web-1', alg: 'ES256', use: 'sig' } as { kty: 'EC' };

export const redirects = {
  web: 'https://web.test/bff/callback',
  mobile: 'com.facet.app:/callback',
  partner: 'https://partner.test/callback',
};

/** Our applications as the configuration of a test names them. */
export const clients = {
  'web-app': {
    redirectUris: [redirects.web],
    postLogoutRedirectUris: ['https://web.test/'],
    jwks: { keys: [publicJwk] },
  },
  'mobile-app': { redirectUris: [redirects.mobile], postLogoutRedirectUris: [] },
};

const connected = (identity: Identity): openid.DiscoveryRequestOptions => ({
  execute: [openid.allowInsecureRequests],
  [openid.customFetch]: (url, options) => fetch(url.replace(issuer, identity.url), options as RequestInit),
});

export async function webApp(identity: Identity): Promise<openid.Configuration> {
  const key = await crypto.subtle.importKey(
    'jwk',
    pair.privateKey.export({ format: 'jwk' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  return openid.discovery(new URL(issuer), 'web-app', undefined, openid.PrivateKeyJwt({ key, kid: 'web-1' }), connected(identity));
}

export const mobileApp = (identity: Identity) =>
  openid.discovery(new URL(issuer), 'mobile-app', undefined, openid.None(), connected(identity));
export const partnerApp = (identity: Identity) =>
  openid.discovery(new URL(issuer), partner.clientId, partner.secret, undefined, connected(identity));

export interface Asked {
  readonly url: string;
  readonly checks: { pkceCodeVerifier: string; expectedState: string };
}

/** An authorization request with PKCE and state. */
export async function ask(config: openid.Configuration, redirect_uri: string, more: Record<string, string> = {}): Promise<Asked> {
  const checks = { pkceCodeVerifier: openid.randomPKCECodeVerifier(), expectedState: openid.randomState() };
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: 'openid read:rooms write:messages',
    code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    ...more,
  });
  return { url: url.href, checks };
}

export const browserAt = (identity: Identity, headers?: Record<string, string>) => new Browser(issuer, identity.url, headers);

export const enter = (browser: Browser, page: Visit, login = 'alice', password = 'facet-demo') =>
  browser.submit(page, '/sign-in', { login, password });

/** Signs somebody in at a client and gets its tokens. */
export async function signInAt(identity: Identity, config: openid.Configuration, redirect: string, options: SignInOptions = {}) {
  const browser = options.browser ?? browserAt(identity);
  const { url, checks } = await ask(config, redirect, options.parameters);
  const arrived = await browser.get(url);
  const back = arrived.url.startsWith(redirect) ? arrived : await enter(browser, arrived, options.login);
  const tokens = await openid.authorizationCodeGrant(config, new URL(back.url), checks, undefined, options.dpop && { DPoP: options.dpop });
  return { browser, tokens, back, checks };
}

interface SignInOptions {
  readonly browser?: Browser;
  readonly login?: string;
  readonly parameters?: Record<string, string>;
  readonly dpop?: openid.DPoPHandle;
}
