import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * securityHeaders: what helmet answers with for an API that is no page: nothing may be loaded, framed or posted to. The same for every answer, so helmet
 * is asked once and not per request. A route that is a page sets a `content-security-policy` of its own.
 */
export function securityHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string | number) => (headers[name.toLowerCase()] = String(value)),
    removeHeader: () => undefined,
  };
  const nothing = ["'none'"];
  const apply = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: nothing, baseUri: nothing, formAction: nothing, frameAncestors: nothing },
    },
    xDownloadOptions: false,
    xDnsPrefetchControl: false,
    xXssProtection: false,
  });
  apply({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return headers;
}
