import * as openid from 'openid-client';
import { Pages } from './pages.js';
import type { Demo } from './running-facet.js';

const redirect = 'com.facet.app:/callback';
const scope = 'openid offline_access read:users read:rooms read:messages read:notifications';

/** A code that the issuer gave, which only this phone can change into tokens. */
export interface Arrival {
  readonly back: URL;
  readonly checks: openid.AuthorizationCodeGrantChecks;
}

/** A client of a known kind at the issuer of an installation. */
export function discover({ urls }: Demo, client: string, proof: openid.ClientAuth): Promise<openid.Configuration> {
  return openid.discovery(new URL(urls.identity), client, undefined, proof, { execute: [openid.allowInsecureRequests] });
}

/** Sends the sign-in form that is on a page. */
export function enter(pages: Pages, page: Awaited<ReturnType<Pages['open']>>, login: string) {
  return pages.send(page, '/sign-in', { login, password: 'facet-demo' });
}

/** A phone with a key of its own: mobile-app by code + PKCE and DPoP, as its developers would write it. */
export class Phone {
  readonly pages = new Pages();

  private constructor(
    private readonly home: URL,
    private readonly app: openid.Configuration,
    readonly key: openid.DPoPHandle,
  ) {}

  static async of(demo: Demo): Promise<Phone> {
    const app = await discover(demo, 'mobile-app', openid.None());
    const key = openid.getDPoPHandle(app, await openid.randomDPoPKeyPair('ES256'));
    return new Phone(new URL(`${demo.urls.mobile}/v1/home`), app, key);
  }

  /** Another key, of the same application. */
  async otherKey(): Promise<openid.DPoPHandle> {
    return openid.getDPoPHandle(this.app, await openid.randomDPoPKeyPair('ES256'));
  }

  async arrive(login: string): Promise<Arrival> {
    const [verifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
    const url = openid.buildAuthorizationUrl(this.app, {
      ...{ redirect_uri: redirect, scope, state, code_challenge_method: 'S256' },
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    });
    const { url: back } = await enter(this.pages, await this.pages.open(url.href), login);
    return { back: new URL(back), checks: { pkceCodeVerifier: verifier, expectedState: state } };
  }

  redeem({ back, checks }: Arrival) {
    return openid.authorizationCodeGrant(this.app, back, checks, undefined, { DPoP: this.key });
  }

  async signIn(login: string) {
    return this.redeem(await this.arrive(login));
  }

  refresh(refreshToken: string, parameters?: Record<string, string>) {
    return openid.refreshTokenGrant(this.app, refreshToken, parameters, { DPoP: this.key });
  }

  /** The status of the home screen, asked for with this token, and a proof where there is a key. */
  async statusOf(token: string, key?: openid.DPoPHandle): Promise<number> {
    try {
      return (await openid.fetchProtectedResource(this.app, token, this.home, 'GET', undefined, undefined, key && { DPoP: key })).status;
    } catch (error) {
      if (error instanceof openid.WWWAuthenticateChallengeError) return error.status;
      throw error;
    }
  }
}
