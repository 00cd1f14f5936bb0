import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assurance } from '../oidc/assurance.js';
import { beginSignUp, completeSignUp, Wanted, type MailServices, type SignUpFault } from '../sign-in/sign-up.js';
import { field } from './forms.js';
import { html } from './html.js';
import { finishLogin, interactionOf, leadsTo, type Visited } from './interactions.js';
import { refusalOf } from './refused.js';
import type { Texts } from './texts.js';
import { formOf, hiddenToken, problemOf, sendPage, textsOf, type Fields, type PageServices } from './visit.js';

interface Again {
  readonly problem: string;
  readonly status: number;
  readonly fields?: Fields;
}

export function signUpRoutes(scope: FastifyInstance, services: PageServices & MailServices): void {
  scope.get('/interaction/:uid/sign-up', async (request, reply) =>
    showSignUp(services, request, reply, await interactionOf(services, request, reply)),
  );

  scope.post('/interaction/:uid/sign-up', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const fields = formOf(request, visited.interaction.uid, services.formTokens);
    const texts = textsOf(request);
    const wanted = Wanted.safeParse({ ...fields, username: fields.username?.trim().toLowerCase(), email: fields.email?.trim() });
    if (!wanted.success) return showSignUp(services, request, reply, visited, { problem: texts.checkFields, status: 422, fields });
    const begun = await beginSignUp(services, wanted.data, {
      visit: visited.interaction.uid,
      address: request.ip,
      letters: texts.signUpLetters,
    });
    if (begun === 'mailed') return showCode(services, request, reply, visited);
    return showSignUp(services, request, reply, visited, { ...faultOf(begun, texts), fields });
  });

  scope.post('/interaction/:uid/verify', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { code = '' } = formOf(request, visited.interaction.uid, services.formTokens);
    const texts = textsOf(request);
    const outcome = await completeSignUp(services, visited.interaction.uid, code);
    if (outcome === 'wrong') return showCode(services, request, reply, visited, { problem: texts.wrongCode, status: 401 });
    if (outcome === 'over') return showSignUp(services, request, reply, visited, { problem: texts.codeOver, status: 410 });
    if (outcome === 'gone') return showSignUp(services, request, reply, visited, { problem: texts.usernameTaken, status: 409 });
    return finishLogin(services, request, reply, { ...outcome, acr: assurance.single, amr: ['pwd'] });
  });
}

function faultOf(fault: SignUpFault, texts: Texts): { problem: string; status: number } {
  if (typeof fault === 'object' || fault === 'country') return refusalOf(fault, texts);
  if (fault === 'username taken') return { problem: texts.usernameTaken, status: 409 };
  return { problem: texts.passwordFaults[fault], status: 422 };
}

function showSignUp(services: PageServices, request: FastifyRequest, reply: FastifyReply, visited: Visited, again?: Again): FastifyReply {
  const texts = textsOf(request);
  const { uid } = visited.interaction;
  const { email, username, name } = again?.fields ?? {};
  const body = html`${problemOf(again?.problem)}
    <form method="post" action="/interaction/${uid}/sign-up">
      ${hiddenToken(services.formTokens.of(uid))}
      ${field({ name: 'email', label: texts.email, type: 'email', value: email, autocomplete: 'email' })}
      ${field({ name: 'username', label: texts.username, hint: texts.usernameHint, value: username, autocomplete: 'username' })}
      ${field({ name: 'name', label: texts.name, value: name, autocomplete: 'name' })}
      ${field({ name: 'password', label: texts.password, hint: texts.passwordHint, type: 'password', autocomplete: 'new-password' })}
      <button type="submit">${texts.signUp}</button>
    </form>
    <p><a href="/interaction/${uid}">${texts.signIn}</a></p>`;
  return sendPage(request, reply, { title: texts.signUp, body, leadsTo: leadsTo(visited) }, again?.status);
}

function showCode(services: PageServices, request: FastifyRequest, reply: FastifyReply, visited: Visited, again?: Again): FastifyReply {
  const texts = textsOf(request);
  const { uid } = visited.interaction;
  const body = html`${problemOf(again?.problem)}
    <p>${texts.codeMailed}</p>
    <form method="post" action="/interaction/${uid}/verify">
      ${hiddenToken(services.formTokens.of(uid))}
      ${field({ name: 'code', label: texts.code, autocomplete: 'one-time-code', numeric: true })}
      <button type="submit">${texts.continue}</button>
    </form>
    <p><a href="/interaction/${uid}/sign-up">${texts.newCode}</a></p>`;
  return sendPage(request, reply, { title: texts.verifyTitle, body, leadsTo: leadsTo(visited) }, again?.status);
}
