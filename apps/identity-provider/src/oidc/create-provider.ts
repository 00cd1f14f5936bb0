import Provider, { type Client } from 'oidc-provider';
import { watchProvider } from '../audit/watch-provider.js';
import { isSecretOf } from '../clients/partners.js';
import { tellOfBinding } from './certificate-binding.js';
import { configurationOf, type ProviderOptions } from './configuration.js';
import { endForGood } from './forget-ended.js';
import { useHostCookies } from './host-cookies.js';
import { logoutLater } from './logout-later.js';
import { protectLibraryPages } from './protect-pages.js';
import { RefreshRepeats } from './refresh-repeats.js';
import { repeatRefreshes } from './repeat-refreshes.js';
import { AlreadySeen } from './state-adapter.js';

/** The OpenID Connect issuer: code and refresh for people, client credentials for partners. */
export function createProvider(options: ProviderOptions): Provider {
  const repeats = new RefreshRepeats(options.db, options.vault);
  const provider = new Provider(options.issuer, configurationOf(options, repeats));
  provider.proxy = true;
  useHostCookies(provider, options.issuer);
  provider.Client.prototype.compareClientSecret = function (this: Client, given: string) {
    return isSecretOf(this.clientSecret ?? '', given);
  };
  provider.on('server_error', (_context, error) => options.report(error));
  watchProvider(provider, options.db, options.audit, options.report);
  repeatRefreshes(provider, repeats, options.report);
  protectLibraryPages(provider);
  detectReplays(provider);
  tellOfBinding(provider, options.partnerUrl);
  endForGood(provider, options.db);
  logoutLater(provider);
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
