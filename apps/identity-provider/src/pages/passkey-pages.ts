import type { FastifyInstance } from 'fastify';
import type { NamedPasskey } from '../sign-in/passkeys.js';
import { field } from './forms.js';
import { html, type Html } from './html.js';
import { passkeyScript } from './passkey-script.js';
import { provenPosts } from './proven-posts.js';
import { showBackupCodes } from './second-factor-pages.js';
import type { Texts } from './texts.js';
import { PageFault, type PageServices } from './visit.js';

/** Passkeys on the account page: added and removed by who proved just now all that he can prove. */
export function passkeyRoutes(scope: FastifyInstance, services: PageServices): void {
  const { passkeys, secondFactors } = services;

  scope.get('/assets/passkeys.js', (_request, reply) =>
    reply.headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=3600' }).send(passkeyScript),
  );

  const post = provenPosts(scope, services);

  post('passkeys/add/question', async ({ visit, account }, _fields, _request, reply) =>
    reply.header('cache-control', 'no-store').send(await passkeys.enrolment(visit, account)),
  );

  post('passkeys/add', async ({ visit, account }, { name = '', answer = '' }, request, reply) => {
    const first = !(await secondFactors.has(account.id));
    if (!(await passkeys.enrol(visit, account.id, { name, answer }))) throw new PageFault(401, (texts) => texts.passkeyFailed);
    if (first) return showBackupCodes(request, reply, await secondFactors.renewBackupCodes(account.id));
    return reply.redirect('/account', 303);
  });

  post('passkeys/remove', async ({ account }, { id = '' }, _request, reply) => {
    if (!(await passkeys.remove(account.id, id))) throw new PageFault(404, ({ expired }) => expired);
    await secondFactors.forgetUselessCodes(account.id);
    return reply.redirect('/account', 303);
  });
}

/** The part of the account page that is about them. */
export function passkeySection(texts: Texts, token: Html, passkeys: readonly NamedPasskey[], timeOf: (date: Date) => string): Html {
  return html`<h2>${texts.passkeys}</h2>
    <p>${texts.passkeysIntro}</p>
    <ul>
      ${passkeys.map(
        ({ id, name, since, lastUsed }) =>
          html`<li>
            <strong>${name}</strong><br />${texts.sinceAndUsed(timeOf(since), lastUsed ? timeOf(lastUsed) : texts.never)}
            <form method="post" action="/account/passkeys/remove">
              ${token}<input type="hidden" name="id" value="${id}" />
              <button class="quiet" type="submit" aria-label="${texts.removeNamed(name)}">${texts.remove}</button>
            </form>
          </li>`,
      )}
    </ul>
    ${passkeyForm(texts, token, {
      action: '/account/passkeys/add',
      does: 'create',
      label: texts.passkeyAdd,
      more: field({ name: 'name', label: texts.passkeyName, value: 'Passkey', autocomplete: 'off' }),
    })}`;
}

interface PasskeyForm {
  readonly action: string;
  readonly does: 'create' | 'get';
  readonly label: string;
  readonly more?: Html;
}

/** A form that the script fills in; without the script it is a hint. */
export function passkeyForm(texts: Texts, token: Html, { action, does, label, more }: PasskeyForm): Html {
  return html`<form method="post" action="${action}" data-passkey="${does}">
    ${token}<input type="hidden" name="answer" />
    <p class="hint">${texts.passkeyNeedsScript}</p>
    <p class="problem" role="alert" hidden>${texts.passkeyFailed}</p>
    <div data-needs-script hidden>${more}<button class="quiet" type="submit">${label}</button></div>
  </form>`;
}
