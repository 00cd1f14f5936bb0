import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toDataURL } from 'qrcode';
import { assurance } from '../oidc/assurance.js';
import type { Enrolment } from '../sign-in/second-factors.js';
import { atHome, freshSeconds, signInFirst, type AtHome } from './at-home.js';
import { field } from './forms.js';
import { html, type Html } from './html.js';
import type { Texts } from './texts.js';
import { formOf, hiddenToken, PageFault, problemOf, sendPage, textsOf, type Fields, type PageServices } from './visit.js';

type Step = (home: AtHome, fields: Fields, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** An authenticator app: set up by who proved himself just now, changed by who proved both factors just now. */
export function secondFactorRoutes(scope: FastifyInstance, services: PageServices): void {
  const { secondFactors } = services;

  const post = (path: string, needs: 'fresh' | 'fresh and both factors', step: Step) =>
    scope.post(`/account/${path}`, async (request, reply) => {
      const home = await atHome(services, request, reply);
      if (!home) return signInFirst(services, reply);
      const fields = formOf(request, home.visit, services.formTokens);
      const enough = needs === 'fresh' || home.acr === assurance.multi;
      if (home.age > freshSeconds || !enough) return signInFirst(services, reply, stepUp(needs));
      return step(home, fields, request, reply);
    });

  post('totp/begin', 'fresh', async (home, _fields, request, reply) => {
    const enrolment = await secondFactors.begin(home.account.id, home.account.username);
    if (!enrolment) return reply.redirect('/account', 303);
    return showEnrolment(services, request, reply, home, enrolment);
  });

  post('totp/confirm', 'fresh', async (home, { code = '' }, request, reply) => {
    const { waitSeconds, succeeded } = await services.attempts.begin('second-factor', { name: home.account.id, address: request.ip });
    if (waitSeconds !== undefined) throw new PageFault(429, (texts) => texts.waitSeconds(waitSeconds));
    const codes = await secondFactors.confirm(home.account.id, code);
    if (!codes) return showConfirm(services, request, reply, home);
    await succeeded();
    return showBackupCodes(request, reply, codes);
  });

  post('backup-codes', 'fresh and both factors', async (home, _fields, request, reply) =>
    showBackupCodes(request, reply, await secondFactors.renewBackupCodes(home.account.id)),
  );

  post('totp/remove', 'fresh and both factors', async (home, _fields, _request, reply) => {
    await secondFactors.remove(home.account.id);
    return reply.redirect('/account', 303);
  });
}

/** The part of the account page that is about it. */
export function secondFactorSection(texts: Texts, token: Html, on: boolean): Html {
  const button = (path: string, label: string) =>
    html`<form method="post" action="/account/${path}">${token}<button class="quiet" type="submit">${label}</button></form>`;
  return html`<h2>${texts.secondFactor}</h2>
    <p>${on ? texts.secondFactorOn : texts.secondFactorOff}</p>
    ${on ? [button('backup-codes', texts.backupCodesNew), button('totp/remove', texts.secondFactorRemove)] : button('totp/begin', texts.secondFactorBegin)}`;
}

function stepUp(needs: 'fresh' | 'fresh and both factors'): Record<string, string> {
  return { max_age: String(freshSeconds), ...(needs !== 'fresh' && { acr_values: assurance.multi }) };
}

async function showEnrolment(services: PageServices, request: FastifyRequest, reply: FastifyReply, home: AtHome, { key, uri }: Enrolment) {
  const texts = textsOf(request);
  const body = html`<p>${texts.scan}</p>
    <img src="${await toDataURL(uri)}" alt="${texts.scanPicture}" width="220" height="220" />
    <p>${texts.key}: <code>${key}</code></p>
    ${confirmForm(services, texts, home)}`;
  return sendPage(request, reply, { title: texts.secondFactor, body });
}

async function showConfirm(services: PageServices, request: FastifyRequest, reply: FastifyReply, home: AtHome): Promise<FastifyReply> {
  const texts = textsOf(request);
  return sendPage(
    request,
    reply,
    { title: texts.secondFactor, body: html`${problemOf(texts.wrongCode)}${confirmForm(services, texts, home)}` },
    401,
  );
}

function confirmForm({ formTokens }: PageServices, texts: Texts, { visit }: AtHome): Html {
  return html`<form method="post" action="/account/totp/confirm">
    ${hiddenToken(formTokens.of(visit))} ${field({ name: 'code', label: texts.code, autocomplete: 'one-time-code', numeric: true })}
    <button type="submit">${texts.continue}</button>
  </form>`;
}

function showBackupCodes(request: FastifyRequest, reply: FastifyReply, codes: readonly string[]): FastifyReply {
  const texts = textsOf(request);
  const body = html`<p>${texts.backupCodesIntro}</p>
    <ul>
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ul>
    <p><a href="/account">${texts.account}</a></p>`;
  return sendPage(request, reply, { title: texts.backupCodes, body });
}
