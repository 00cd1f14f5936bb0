/**
 * Brings a browser from the callback to where it wants to be. A redirect would still belong to the navigation that began at the issuer, on another site, and the new
 * cookie, which is Strict, would stay behind. This page goes on by itself, and that is a navigation of our own.
 */
export function landingPage(target: string): string {
  const address = target.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${address}"><title>Signed in</title><p>You are signed in. <a href="${address}">Go on</a></p></html>\n`;
}

export const landingHeaders = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
};
