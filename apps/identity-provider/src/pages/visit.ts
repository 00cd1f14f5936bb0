import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Issuer } from '../oidc/issuer.js';
import type { Vault } from '../keys/vault.js';
import type { Challenges } from '../mail/challenges.js';
import type { PartnerKeys } from '../partner-keys/partner-keys.js';
import type { Passkeys } from '../sign-in/passkeys.js';
import type { SecondFactors } from '../sign-in/second-factors.js';
import type { SignInServices } from '../sign-in/sign-in.js';
import type { MailServices } from '../sign-in/sign-up.js';
import type { FormTokens } from './form-tokens.js';
import { html, type Html } from './html.js';
import { renderPage, type Page } from './page.js';
import { speak, type Texts } from './texts.js';

export interface PageServices extends SignInServices {
  readonly issuer: Issuer;
  readonly vault: Vault;
  readonly formTokens: FormTokens;
  /** Absent where nothing can be mailed. */
  readonly mail: Pick<MailServices, 'postOffice' | 'codeRules'> | undefined;
  readonly challenges: Challenges;
  readonly secondFactors: SecondFactors;
  readonly passkeys: Passkeys;
  readonly partnerKeys: PartnerKeys;
}

/** A form's fields. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** What a page of ours refuses to do, as a page. */
export class PageFault extends Error {
  constructor(
    readonly status: number,
    readonly textOf: (texts: Texts) => string,
  ) {
    super(`Page fault ${status}`);
  }
}

export function textsOf(request: FastifyRequest): Texts {
  return speak(request.headers['accept-language']).texts;
}

export function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page, status = 200): FastifyReply {
  const { texts, language } = speak(request.headers['accept-language']);
  const { markup, headers } = renderPage(page, texts, language);
  return reply.code(status).headers(headers).send(markup);
}

/** The fields of a form that we made for this visit. A form that came from elsewhere is refused. */
export function formOf(request: FastifyRequest, visit: string, formTokens: FormTokens): Fields {
  const fields = (request.body ?? {}) as Fields;
  const site = request.headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin';
  if (foreign || !formTokens.fits(visit, fields.form_token)) throw new PageFault(403, ({ expired }) => expired);
  return fields;
}

export function problemOf(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="problem" role="alert">${text}</p>`;
}

export function hiddenToken(token: string): Html {
  return html`<input type="hidden" name="form_token" value="${token}" />`;
}
