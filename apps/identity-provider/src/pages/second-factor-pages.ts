import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toDataURL } from 'qrcode';
import type { Enrolment, SetUp } from '../sign-in/second-factors.js';
import type { AtHome } from './at-home.js';
import { field } from './forms.js';
import { html, type Html } from './html.js';
import { provenPosts } from './proven-posts.js';
import type { Texts } from './texts.js';
import { hiddenToken, PageFault, problemOf, sendPage, textsOf, type PageServices } from './visit.js';

/** An authenticator app: set up and changed by who proved just now all that he can prove. */
export function secondFactorRoutes(scope: FastifyInstance, services: PageServices): void {
  const { secondFactors } = services;

  const post = provenPosts(scope, services);

  post('totp/begin', async (home, _fields, request, reply) => {
    const enrolment = await secondFactors.begin(home.account.id, home.account.username);
    if (!enrolment) return reply.redirect('/account', 303);
    return showEnrolment(services, request, reply, home, enrolment);
  });

  post('totp/confirm', async (home, { code = '' }, request, reply) => {
    const { delay, succeeded } = await services.attempts.begin('second-factor', { name: home.account.id, address: request.ip });
    if (delay) throw new PageFault(429, (texts) => texts.waitSeconds(delay.waitSeconds));
    const codes = await secondFactors.confirm(home.account.id, code);
    if (!codes) return showConfirm(services, request, reply, home);
    await succeeded();
    return showBackupCodes(request, reply, codes);
  });

  post('backup-codes', async ({ account }, _fields, request, reply) => {
    if (!(await secondFactors.has(account.id))) return reply.redirect('/account', 303);
    return showBackupCodes(request, reply, await secondFactors.renewBackupCodes(account.id));
  });

  post('totp/remove', async (home, _fields, _request, reply) => {
    await secondFactors.remove(home.account.id);
    return reply.redirect('/account', 303);
  });
}

/** The part of the account page that is about it. */
export function secondFactorSection(texts: Texts, token: Html, { app, passkey, phone }: SetUp): Html {
  const button = (path: string, label: string) =>
    html`<form method="post" action="/account/${path}">${token}<button class="quiet" type="submit">${label}</button></form>`;
  return html`<h2>${texts.secondFactor}</h2>
    <p>${texts.secondFactorIs[app ? 'app' : passkey ? 'passkey' : phone ? 'phone' : 'off']}</p>
    ${(app || passkey || phone) && button('backup-codes', texts.backupCodesNew)}
    ${app ? button('totp/remove', texts.secondFactorRemove) : button('totp/begin', texts.secondFactorBegin)}`;
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

export function showBackupCodes(request: FastifyRequest, reply: FastifyReply, codes: readonly string[]): FastifyReply {
  const texts = textsOf(request);
  const body = html`<p>${texts.backupCodesIntro}</p>
    <ul>
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ul>
    <p><a href="/account">${texts.account}</a></p>`;
  return sendPage(request, reply, { title: texts.backupCodes, body });
}
