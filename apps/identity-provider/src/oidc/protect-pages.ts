import { hash } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { sourceOf } from '../pages/page.js';

const ours = /style-src 'self'/;

/**
 * The library's own pages are forms that send themselves: to a client (`form_post`) or to the end of a session. They may run that one script and lead where
 * the form and what follows it lead, and nothing else.
 */
export function protectLibraryPages(provider: Provider): void {
  provider.use(async (context, next) => {
    await next();
    const { body } = context;
    if (typeof body !== 'string' || context.type !== 'text/html' || ours.test(context.response.get('content-security-policy'))) return;
    const scripts = [...body.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
      ([, script]) => `'sha256-${hash('sha256', script!, 'base64')}'`,
    );
    const formAction = ["'self'", ...new Set(destinationsOf(context as KoaContextWithOIDC, body).map(sourceOf))].join(' ');
    context.set({
      'content-security-policy': `default-src 'none'; script-src ${scripts.join(' ') || "'none'"}; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
    });
  });
}

function destinationsOf({ oidc }: KoaContextWithOIDC, body: string): string[] {
  const action = /<form method="post" action="([^"]*)"/.exec(body)?.[1];
  const followed = [oidc?.params, oidc?.entities.Interaction?.params].flatMap((params) => [
    params?.redirect_uri,
    params?.post_logout_redirect_uri,
  ]);
  return [action, ...followed].filter((url): url is string => typeof url === 'string' && URL.canParse(url));
}
