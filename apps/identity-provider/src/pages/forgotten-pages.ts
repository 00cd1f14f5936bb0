import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { beginReset, completeReset } from '../sign-in/reset-password.js';
import type { MailServices } from '../sign-in/sign-up.js';
import { field } from './forms.js';
import { html } from './html.js';
import { interactionOf, leadsTo, type Visited } from './interactions.js';
import { refusalOf, type Refused } from './refused.js';
import { formOf, hiddenToken, problemOf, sendPage, textsOf, type PageServices } from './visit.js';

export function forgottenRoutes(scope: FastifyInstance, services: PageServices & MailServices): void {
  scope.get('/interaction/:uid/forgotten', async (request, reply) =>
    showForgotten(services, request, reply, await interactionOf(services, request, reply)),
  );

  scope.post('/interaction/:uid/forgotten', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { email = '', by } = formOf(request, visited.interaction.uid, services.formTokens);
    const texts = textsOf(request);
    if (!/^[^\s@]+@[^\s@]+$/.test(email.trim()) || email.length > 254) {
      return showForgotten(services, request, reply, visited, { problem: texts.checkFields, status: 422 });
    }
    const about = {
      visit: visited.interaction.uid,
      address: request.ip,
      letters: texts.resetLetters,
      by: by === 'sms' ? by : 'mail',
    } as const;
    const begun = await beginReset(services, email.trim(), about);
    if (begun === 'sent')
      return showReset(services, request, reply, visited, { told: texts[about.by === 'sms' ? 'codeSentAnyway' : 'codeMailed'] });
    return showForgotten(services, request, reply, visited, refusalOf(begun, texts));
  });

  scope.post('/interaction/:uid/reset', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { code = '', password = '' } = formOf(request, visited.interaction.uid, services.formTokens);
    const texts = textsOf(request);
    const outcome = await completeReset(services, { visit: visited.interaction.uid, code, password });
    if (outcome === 'changed') return showChanged(request, reply, visited);
    if (outcome === 'over') return showForgotten(services, request, reply, visited, { problem: texts.codeOver, status: 410 });
    const again = outcome === 'wrong' ? { problem: texts.wrongCode, status: 401 } : { problem: texts.passwordFaults[outcome], status: 422 };
    return showReset(services, request, reply, visited, again);
  });
}

function showForgotten(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  visited: Visited,
  again?: Refused,
): FastifyReply {
  const texts = textsOf(request);
  const { uid } = visited.interaction;
  const body = html`${problemOf(again?.problem)}
    <form method="post" action="/interaction/${uid}/forgotten">
      ${hiddenToken(services.formTokens.of(uid))} ${field({ name: 'email', label: texts.email, type: 'email', autocomplete: 'email' })}
      <button type="submit">${texts.mailCode}</button>
      ${services.mail?.postOffice.reachesPhones && html`<button class="quiet" type="submit" name="by" value="sms">${texts.smsCode}</button>`}
    </form>
    <p><a href="/interaction/${uid}">${texts.signIn}</a></p>`;
  return sendPage(request, reply, { title: texts.forgotten, body, leadsTo: leadsTo(visited) }, again?.status);
}

function showReset(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  visited: Visited,
  again: Partial<Refused> & { readonly told?: string },
): FastifyReply {
  const texts = textsOf(request);
  const { uid } = visited.interaction;
  const body = html`${problemOf(again.problem)} ${again.told !== undefined && html`<p>${again.told}</p>`}
    <form method="post" action="/interaction/${uid}/reset">
      ${hiddenToken(services.formTokens.of(uid))}
      ${field({ name: 'code', label: texts.code, autocomplete: 'one-time-code', numeric: true })}
      ${field({ name: 'password', label: texts.newPassword, hint: texts.passwordHint, type: 'password', autocomplete: 'new-password' })}
      <button type="submit">${texts.continue}</button>
    </form>
    <p><a href="/interaction/${uid}/forgotten">${texts.newCode}</a></p>`;
  return sendPage(request, reply, { title: texts.newPassword, body, leadsTo: leadsTo(visited) }, again.status);
}

function showChanged(request: FastifyRequest, reply: FastifyReply, visited: Visited): FastifyReply {
  const texts = textsOf(request);
  const body = html`<p class="done" role="status">${texts.passwordChanged}</p>
    <p><a href="/interaction/${visited.interaction.uid}">${texts.signIn}</a></p>`;
  return sendPage(request, reply, { title: texts.newPassword, body });
}
