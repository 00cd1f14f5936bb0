import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Entry } from '../audit/audit-trail.js';
import { assurance } from '../oidc/assurance.js';
import { proveSecondFactor } from '../sign-in/prove-second-factor.js';
import { signIn, type SignIn } from '../sign-in/sign-in.js';
import { showConsent } from './consent-pages.js';
import { field } from './forms.js';
import { html, type Html } from './html.js';
import { finish, finishLogin, interactionOf, leadsTo, type Visited } from './interactions.js';
import { passkeyForm } from './passkey-pages.js';
import type { Texts } from './texts.js';
import { formOf, hiddenToken, problemOf, sendPage, textsOf, type PageServices } from './visit.js';

export function signInRoutes(scope: FastifyInstance, services: PageServices): void {
  scope.get('/interaction/:uid', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    if (visited.interaction.prompt.name === 'consent') return showConsent(services, request, reply, visited);
    return showSignIn(services, request, reply, visited);
  });

  scope.post('/interaction/:uid/sign-in', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { login = '', password = '' } = formOf(request, visited.interaction.uid, services.formTokens);
    const outcome = await signIn(services, { login, password, address: request.ip });
    const texts = textsOf(request);
    const ok = typeof outcome === 'object' && 'accountId' in outcome ? outcome.accountId : undefined;
    const second = ok !== undefined && (await services.secondFactors.has(ok));
    await services.audit.record(services.db, { event: 'sign-in', about: 'password', ...entryOf(outcome, login, second) });
    if (outcome === 'refused')
      return showSignIn(services, request, reply, visited, { problem: texts.wrongCredentials, status: 401, login });
    if ('waitSeconds' in outcome) {
      reply.header('retry-after', outcome.waitSeconds);
      return showSignIn(services, request, reply, visited, { problem: texts.waitSeconds(outcome.waitSeconds), status: 429, login });
    }
    if (second) {
      await services.challenges.begin(visited.interaction.uid, 'second-factor', outcome);
      return showSecondFactor(services, request, reply, visited);
    }
    return finishLogin(services, request, reply, { ...outcome, acr: assurance.single, amr: ['pwd'] });
  });

  scope.post('/interaction/:uid/second-factor', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { code = '' } = formOf(request, visited.interaction.uid, services.formTokens);
    const texts = textsOf(request);
    const outcome = await proveSecondFactor(services, { visit: visited.interaction.uid, code, address: request.ip });
    if (outcome === 'over') return showSignIn(services, request, reply, visited, { problem: texts.codeOver, status: 410, login: '' });
    if (outcome === 'wrong') return showSecondFactor(services, request, reply, visited, { problem: texts.wrongCode, status: 401 });
    if ('waitSeconds' in outcome) {
      return showSecondFactor(services, request, reply, visited, { problem: texts.waitSeconds(outcome.waitSeconds), status: 429 });
    }
    return finishLogin(services, request, reply, { ...outcome, acr: assurance.multi });
  });

  scope.post('/interaction/:uid/cancel', async (request, reply) => {
    const { interaction } = await interactionOf(services, request, reply);
    formOf(request, interaction.uid, services.formTokens);
    return finish(services, request, reply, { error: 'access_denied', error_description: 'The person cancelled' });
  });
}

export interface Again {
  readonly problem: string;
  readonly status: number;
  readonly login: string;
}

export function showSignIn(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  visited: Visited,
  again?: Again,
): FastifyReply {
  const { uid, params } = visited.interaction;
  const texts = textsOf(request);
  const token = hiddenToken(services.formTokens.of(uid));
  const login = again?.login ?? (typeof params.login_hint === 'string' ? params.login_hint : '');
  const body = html`${problemOf(again?.problem)}
    <p>${texts.signInTo(visited.clientName)}</p>
    <form method="post" action="/interaction/${uid}/sign-in">
      ${token}
      <label for="login">${texts.login}</label>
      <input id="login" name="login" value="${login}" autocomplete="username" autocapitalize="none" spellcheck="false" required />
      <label for="password">${texts.password}</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required />
      <button type="submit">${texts.signIn}</button>
    </form>
    ${passkeyForm(texts, token, { action: `/interaction/${uid}/passkey`, does: 'get', label: texts.passkeySignIn })}
    ${services.mail && links(uid, texts)}
    <form method="post" action="/interaction/${uid}/cancel">${token}<button class="quiet" type="submit">${texts.cancel}</button></form>`;
  return sendPage(request, reply, { title: texts.signIn, body, leadsTo: leadsTo(visited), scripted: true }, again?.status);
}

export async function showSecondFactor(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  visited: Visited,
  again?: Omit<Again, 'login'>,
): Promise<FastifyReply> {
  const texts = textsOf(request);
  const { uid } = visited.interaction;
  const token = hiddenToken(services.formTokens.of(uid));
  const body = html`${problemOf(again?.problem)}
    <form method="post" action="/interaction/${uid}/second-factor">
      ${token} ${field({ name: 'code', label: texts.code, hint: texts.secondFactorHint, autocomplete: 'one-time-code' })}
      <button type="submit">${texts.continue}</button>
    </form>
    ${
      services.mail &&
      (await hasPhone(services, uid)) &&
      html`<form method="post" action="/interaction/${uid}/second-factor/send">
        ${token}<button class="quiet" type="submit">${texts.sendSecondCode}</button>
      </form>`
    }
    ${passkeyForm(texts, token, { action: `/interaction/${uid}/second-factor/passkey`, does: 'get', label: texts.passkeyUse })}`;
  return sendPage(request, reply, { title: texts.secondFactor, body, leadsTo: leadsTo(visited), scripted: true }, again?.status);
}

function entryOf(outcome: SignIn, tried: string, second: boolean): Omit<Entry, 'event'> {
  if (outcome === 'refused') return { outcome, tried };
  if ('waitSeconds' in outcome) return { delay: outcome, tried };
  return { outcome: second ? 'continued' : 'ok', accountId: outcome.accountId };
}

/** Of who proved his password in this visit. */
async function hasPhone({ challenges, secondFactors }: PageServices, visit: string): Promise<boolean> {
  const accountId = await challenges.whoWaits(visit, 'second-factor');
  return accountId !== undefined && (await secondFactors.of(accountId)).phone;
}

function links(uid: string, texts: Texts): Html {
  return html`<p>
    <a href="/interaction/${uid}/forgotten">${texts.forgotten}</a> · <a href="/interaction/${uid}/sign-up">${texts.signUp}</a>
  </p>`;
}
