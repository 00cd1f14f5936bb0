const firstParty: Readonly<Record<string, string>> = {
  'web-app': 'web-bff',
  'mobile-app': 'mobile-bff',
  // In development: the phone's application for who has no key to show.
  'mobile-app-dev': 'mobile-bff',
};

/** audienceOf: the BFF that a client talks to. Our own applications have one each; everybody else is a partner. */
export function audienceOf(client: string): string {
  return (Object.hasOwn(firstParty, client) && firstParty[client]) || 'partner-bff';
}
