import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { html, Html } from './html.js';
import { renderPage, type Page } from './page.js';
import { speak } from './texts.js';

/** The pages that oidc-provider itself shows. */
export function errorPage(context: KoaContextWithOIDC, { error, error_description }: ErrorOut): void {
  const { texts } = speak(context.get('accept-language'));
  const told = html`<p>${texts.errorIntro}</p>
    <p class="problem" role="alert">${error}${error_description ? `: ${error_description}` : ''}</p>`;
  show(context, { title: texts.errorTitle, body: told });
}

export function signOutPage(context: KoaContextWithOIDC, form: string): void {
  const { texts } = speak(context.get('accept-language'));
  const { postLogoutRedirectUri } = (context.oidc.session?.state ?? {}) as { postLogoutRedirectUri?: string };
  show(context, {
    title: texts.signOutTitle,
    leadsTo: postLogoutRedirectUri ? [postLogoutRedirectUri] : [],
    body: html`<p>${texts.signOutIntro}</p>
      ${new Html(form)}
      <button type="submit" form="op.logoutForm" name="logout" value="yes">${texts.signOut}</button>
      <button class="quiet" type="submit" form="op.logoutForm">${texts.stay}</button>`,
  });
}

export function signedOutPage(context: KoaContextWithOIDC): void {
  const { texts } = speak(context.get('accept-language'));
  show(context, { title: texts.signedOutTitle, body: html`<p>${texts.signedOut}</p>` });
}

function show(context: KoaContextWithOIDC, page: Page): void {
  const { texts, language } = speak(context.get('accept-language'));
  const { markup, headers } = renderPage(page, texts, language);
  context.body = markup;
  context.set({ ...headers });
}
