import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';

const send = Symbol('send a logout token');

interface Telling {
  [send]?(accountId: string, sid: string): Promise<void>;
  backchannelLogout?(accountId: string, sid: string): Promise<void>;
}

/**
 * The library tells clients of a sign-out while the browser waits, once, and of no other end. Here all of them are written down with the end itself and leave
 * later (LogoutNotices), so that the library tells nobody.
 */
export function logoutLater(provider: Provider): void {
  const prototype = provider.Client.prototype as Client & Telling;
  prototype[send] = prototype.backchannelLogout!;
  prototype.backchannelLogout = () => Promise.resolve();
}

/** Sends a logout token (OpenID Connect Back-Channel Logout 1.0) within 2.5 s; rejects where the client did not take it. One that wants none is told nothing. */
export async function sendLogout(provider: Provider, clientId: string, accountId: string, sid: string): Promise<void> {
  const client = await provider.Client.find(clientId);
  if (!client?.backchannelLogoutUri) return;
  await (client as Client & Telling)[send]!(accountId, sid);
}
