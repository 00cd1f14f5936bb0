import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { beginPhone, completePhone, phoneOf, removePhone, type PhoneFault } from '../account/phone.js';
import { readablePhone } from '../mail/phone-numbers.js';
import type { MailServices } from '../sign-in/sign-up.js';
import type { AtHome } from './at-home.js';
import { field } from './forms.js';
import { html, type Html } from './html.js';
import { provenPosts } from './proven-posts.js';
import { refusalOf, type Refused } from './refused.js';
import { showBackupCodes } from './second-factor-pages.js';
import type { Texts } from './texts.js';
import { hiddenToken, PageFault, problemOf, sendPage, textsOf, type PageServices } from './visit.js';

/** A phone on the account page: added by a code that went to it, and removed. */
export function phoneRoutes(scope: FastifyInstance, services: PageServices & MailServices): void {
  const { secondFactors, postOffice } = services;
  const post = provenPosts(scope, services);

  post('phone', async (home, { phone = '' }, request, reply) => {
    if (!postOffice.reachesPhones) throw new PageFault(404, ({ expired }) => expired);
    const texts = textsOf(request);
    const about = { accountId: home.account.id, visit: home.visit, address: request.ip, codeText: texts.codeText };
    const begun = await beginPhone(services, { ...about, phone });
    if (typeof begun === 'object' && 'phone' in begun) return showCode(services, request, reply, home, { phone: begun.phone });
    return showPhone(services, request, reply, home, { ...faultOf(begun, texts), phone });
  });

  post('phone/verify', async (home, { code = '' }, request, reply) => {
    const texts = textsOf(request);
    const first = !(await secondFactors.has(home.account.id));
    const outcome = await completePhone(services, { accountId: home.account.id, visit: home.visit, code });
    if (outcome === 'wrong') return showCode(services, request, reply, home, { problem: texts.wrongCode, status: 401 });
    if (outcome === 'over') return showPhone(services, request, reply, home, { problem: texts.codeOver, status: 410 });
    if (first) return showBackupCodes(request, reply, await secondFactors.renewBackupCodes(home.account.id));
    return reply.redirect('/account', 303);
  });

  post('phone/remove', async ({ account }, _fields, _request, reply) => {
    await removePhone(services, account.id);
    await secondFactors.forgetUselessCodes(account.id);
    return reply.redirect('/account', 303);
  });
}

/** The part of the account page that is about it; nothing where phones cannot be reached and he has none. */
export async function phoneSection(services: PageServices, texts: Texts, token: Html, accountId: string): Promise<Html | undefined> {
  const phone = await phoneOf(services, accountId);
  const reachable = services.mail?.postOffice.reachesPhones ?? false;
  if (phone === null && !reachable) return undefined;
  return html`<h2>${texts.phone}</h2>
    <p>${texts.phoneIntro}</p>
    ${
      phone !== null &&
      html`<p>${readablePhone(phone)}</p>
        <form method="post" action="/account/phone/remove">${token}<button class="quiet" type="submit">${texts.phoneRemove}</button></form>`
    }
    ${reachable && phoneForm(texts, token, phone === null ? texts.phoneAdd : texts.phoneChange)}`;
}

function phoneForm(texts: Texts, token: Html, label: string, value?: string): Html {
  return html`<form method="post" action="/account/phone">
    ${token} ${field({ name: 'phone', label: texts.phoneNumber, hint: texts.phoneHint, type: 'tel', value, autocomplete: 'tel' })}
    <button class="quiet" type="submit">${label}</button>
  </form>`;
}

function faultOf(fault: PhoneFault, texts: Texts): Refused {
  if (fault === 'not a number') return { problem: texts.phoneFault, status: 422 };
  if (fault === 'no such country') return { problem: texts.phoneCountry, status: 403 };
  return refusalOf(fault, texts);
}

interface Again {
  readonly problem?: string;
  readonly status?: number;
  readonly phone?: string;
}

function showPhone(services: PageServices, request: FastifyRequest, reply: FastifyReply, { visit }: AtHome, again: Again): FastifyReply {
  const texts = textsOf(request);
  const body = html`${problemOf(again.problem)} ${phoneForm(texts, hiddenToken(services.formTokens.of(visit)), texts.continue, again.phone)}
    <p><a href="/account">${texts.account}</a></p>`;
  return sendPage(request, reply, { title: texts.phone, body }, again.status);
}

function showCode(services: PageServices, request: FastifyRequest, reply: FastifyReply, { visit }: AtHome, again: Again): FastifyReply {
  const texts = textsOf(request);
  const body = html`${problemOf(again.problem)}
    ${again.phone !== undefined && html`<p role="status">${texts.phoneCodeSent(readablePhone(again.phone))}</p>`}
    <form method="post" action="/account/phone/verify">
      ${hiddenToken(services.formTokens.of(visit))}
      ${field({ name: 'code', label: texts.code, autocomplete: 'one-time-code', numeric: true })}
      <button type="submit">${texts.continue}</button>
    </form>
    <p><a href="/account">${texts.account}</a></p>`;
  return sendPage(request, reply, { title: texts.phone, body }, again.status);
}
