import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { closeAccount } from '../account/close-account.js';
import { atHome, signInFirst, type AtHome } from './at-home.js';
import { field } from './forms.js';
import { html, type Html } from './html.js';
import { isProven } from './proven.js';
import type { Texts } from './texts.js';
import { formOf, hiddenToken, problemOf, sendPage, textsOf, type PageServices } from './visit.js';

/** Deleting the account: by who proves himself again after he asked for it, and then writes his own name. */
export function closeRoutes(scope: FastifyInstance, services: PageServices): void {
  scope.post('/account/close/begin', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    formOf(request, home.visit, services.formTokens);
    return proveAgain(services, reply, home);
  });

  scope.get('/account/close', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    return (await isProven(services, home)) ? showClose(services, request, reply, home) : proveAgain(services, reply, home);
  });

  scope.post('/account/close', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    const { username = '' } = formOf(request, home.visit, services.formTokens);
    if (!(await isProven(services, home))) return proveAgain(services, reply, home);
    const texts = textsOf(request);
    if (username.trim().toLowerCase() !== home.account.username) {
      return showClose(services, request, reply, home, { problem: texts.closeOtherName, status: 422 });
    }
    await closeAccount({ ...services, postOffice: services.mail?.postOffice }, home.account.id, texts.closedLetter);
    return sendPage(request, reply, { title: texts.closedTitle, body: html`<p class="done" role="status">${texts.closed}</p>` });
  });
}

/** The part of the account page that is about it. */
export function closeSection(texts: Texts, token: Html): Html {
  return html`<h2>${texts.close}</h2>
    <p>${texts.closeIntro}</p>
    <form method="post" action="/account/close/begin">${token}<button class="quiet" type="submit">${texts.close}</button></form>`;
}

function proveAgain(services: PageServices, reply: FastifyReply, { account }: AtHome): FastifyReply {
  const redirect_uri = `${services.issuer.name}/account/close`;
  return signInFirst(services, reply, { prompt: 'login', login_hint: account.username, redirect_uri });
}

function showClose(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { account, visit }: AtHome,
  again?: { readonly problem: string; readonly status: number },
): FastifyReply {
  const texts = textsOf(request);
  const body = html`${problemOf(again?.problem)}
    <p>${texts.closeWarning}</p>
    <ul>
      ${texts.closeConsequences.map((each) => html`<li>${each}</li>`)}
    </ul>
    <form method="post" action="/account/close">
      ${hiddenToken(services.formTokens.of(visit))}
      ${field({ name: 'username', label: texts.closeConfirm(account.username), autocomplete: 'off' })}
      <button type="submit">${texts.closeForGood}</button>
    </form>
    <p><a href="/account">${texts.closeNot}</a></p>`;
  return sendPage(request, reply, { title: texts.close, body }, again?.status);
}
