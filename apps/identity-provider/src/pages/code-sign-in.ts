import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assurance } from '../oidc/assurance.js';
import { proveSecondCode, sendSecondCode } from '../sign-in/second-code.js';
import type { MailServices } from '../sign-in/sign-up.js';
import { field } from './forms.js';
import { html } from './html.js';
import { finishLogin, interactionOf, leadsTo, type Visited } from './interactions.js';
import { refusalOf, type Refused } from './refused.js';
import { showSecondFactor, showSignIn } from './sign-in-pages.js';
import { formOf, hiddenToken, problemOf, sendPage, textsOf, type PageServices } from './visit.js';

/** The second step by a code that is sent to a phone. */
export function codeSignInRoutes(scope: FastifyInstance, services: PageServices & MailServices): void {
  scope.post('/interaction/:uid/second-factor/send', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { uid } = visited.interaction;
    formOf(request, uid, services.formTokens);
    const texts = textsOf(request);
    const sent = await sendSecondCode(services, { visit: uid, address: request.ip, letters: texts.secondLetters });
    if (sent === 'over') return showSignIn(services, request, reply, visited, { problem: texts.codeOver, status: 410, login: '' });
    if (sent === 'nowhere') return showSecondFactor(services, request, reply, visited, { problem: texts.codeNowhere, status: 409 });
    if (typeof sent === 'object' && 'ways' in sent)
      return showSent(services, request, reply, visited, texts.codeSent[sent.ways.length === 2 ? 'both' : sent.ways[0]!]);
    return showSecondFactor(services, request, reply, visited, refusalOf(sent, texts));
  });

  scope.post('/interaction/:uid/second-factor/sent', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { uid } = visited.interaction;
    const { code = '' } = formOf(request, uid, services.formTokens);
    const texts = textsOf(request);
    const outcome = await proveSecondCode(services, { visit: uid, code, address: request.ip });
    if (outcome === 'wrong') return showSent(services, request, reply, visited, undefined, { problem: texts.wrongCode, status: 401 });
    if (outcome === 'over') return showSecondFactor(services, request, reply, visited, { problem: texts.codeOver, status: 410 });
    if ('waitSeconds' in outcome) return showSent(services, request, reply, visited, undefined, refusalOf(outcome, texts));
    return finishLogin(services, request, reply, { ...outcome, acr: assurance.multi });
  });
}

function showSent(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  visited: Visited,
  told: string | undefined,
  again?: Refused,
): FastifyReply {
  const texts = textsOf(request);
  const { uid } = visited.interaction;
  const token = hiddenToken(services.formTokens.of(uid));
  const body = html`${problemOf(again?.problem)} ${told !== undefined && html`<p role="status">${told}</p>`}
    <form method="post" action="/interaction/${uid}/second-factor/sent">
      ${token} ${field({ name: 'code', label: texts.code, autocomplete: 'one-time-code', numeric: true })}
      <button type="submit">${texts.continue}</button>
    </form>
    <form method="post" action="/interaction/${uid}/second-factor/send">
      ${token}<button class="quiet" type="submit">${texts.newCode}</button>
    </form>`;
  return sendPage(request, reply, { title: texts.secondFactor, body, leadsTo: leadsTo(visited) }, again?.status);
}
