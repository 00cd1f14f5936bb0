import { html, type Html } from './html.js';
import type { Language, Texts } from './texts.js';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Where a form may lead besides here: browsers look at the redirects that follow it too. */
  readonly leadsTo?: readonly string[];
  /** Whether our script may run here, and ask us. */
  readonly scripted?: boolean;
}

export interface Rendered {
  readonly markup: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole page, with the headers that keep everything else out of it. */
export function renderPage({ title, body, leadsTo = [], scripted = false }: Page, texts: Texts, language: Language): Rendered {
  const markup = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Facet</title>
        <link rel="stylesheet" href="/assets/pages.css" />
        ${scripted && html`<script src="/assets/passkeys.js" defer></script>`}
      </head>
      <body>
        <header>${texts.product}</header>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
  return { markup: markup.markup, headers: headersOf(leadsTo, scripted) };
}

function headersOf(leadsTo: readonly string[], scripted: boolean): Record<string, string> {
  const formAction = ["'self'", ...leadsTo.map(sourceOf)].join(' ');
  const script = scripted ? " script-src 'self'; connect-src 'self';" : '';
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none';${script} style-src 'self'; img-src data:; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
  };
}

/** As a content security policy names where a URL leads. */
export function sourceOf(url: string): string {
  const { protocol, origin } = new URL(url);
  return origin === 'null' ? protocol : origin;
}
