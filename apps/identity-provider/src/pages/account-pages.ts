import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { exportOf } from '../account/export-account.js';
import { agentName, whereaboutsOf, type Whereabouts } from '../account/places.js';
import { endSignedIn, signedInPlaces, type SignedIn } from '../account/sessions.js';
import { accountClient } from '../clients/first-party.js';
import { administeredBy } from '../partner-keys/partner-admins.js';
import { atHome, signInFirst, type AtHome } from './at-home.js';
import { closeSection } from './close-pages.js';
import { html, type Html } from './html.js';
import { clientNames } from './interactions.js';
import { passkeySection } from './passkey-pages.js';
import { phoneSection } from './phone-pages.js';
import { secondFactorSection } from './second-factor-pages.js';
import type { Texts } from './texts.js';
import { formOf, hiddenToken, PageFault, sendPage, textsOf, type PageServices } from './visit.js';

/** What people see and decide about their own account. */
export function accountRoutes(scope: FastifyInstance, services: PageServices): void {
  scope.get('/account', async (request, reply) => {
    const home = await atHome(services, request, reply);
    return home ? showAccount(services, request, reply, home) : signInFirst(services, reply);
  });

  scope.post('/account/end', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    const { id = '' } = formOf(request, home.visit, services.formTokens);
    if (!(await endSignedIn(services, home.account.id, id))) throw new PageFault(404, ({ expired }) => expired);
    return reply.header('cache-control', 'no-store').redirect('/account', 303);
  });

  scope.post('/account/export', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    formOf(request, home.visit, services.formTokens);
    const headers = { 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="facet-account.json"' };
    return reply
      .headers(headers)
      .type('application/json')
      .send(JSON.stringify(await exportOf(services, home.account.id), null, 2));
  });
}

async function showAccount(services: PageServices, request: FastifyRequest, reply: FastifyReply, home: AtHome): Promise<FastifyReply> {
  const texts = textsOf(request);
  const { account, visit, here } = home;
  const token = hiddenToken(services.formTokens.of(visit));
  const places = (await signedInPlaces(services.db, account.id)).filter(({ clientId }) => clientId !== accountClient);
  const whereabouts = await whereaboutsOf(services.db, services.vault, account.id);
  const names = await clientNames(
    services,
    places.map(({ clientId }) => clientId),
  );
  const partners = await administeredBy(services.db, account.id);
  const body = html`<p>${texts.signedInAs(account.name, account.username)}</p>
    <h2>${texts.places}</h2>
    <ul>
      ${places.map((place) => placeOf(place, { texts, token, name: nameOf(place, here, names, texts), from: whereabouts.get(place.id) }))}
    </ul>
    ${secondFactorSection(texts, token, await services.secondFactors.of(account.id))}
    ${await phoneSection(services, texts, token, account.id)}
    ${passkeySection(texts, token, await services.passkeys.of(account.id), timeOf)}
    <h2>${texts.yourData}</h2>
    <p>${texts.exportIntro}</p>
    <form method="post" action="/account/export">${token}<button class="quiet" type="submit">${texts.export}</button></form>
    ${closeSection(texts, token)} ${account.role === 'admin' && html`<p><a href="/account/audit">${texts.audit}</a></p>`}
    ${partners.length > 0 && html`<p><a href="/account/keys">${texts.keys}</a></p>`}
    <p><a href="/session/end">${texts.signOut}</a></p>`;
  return sendPage(request, reply, { title: texts.account, body, scripted: true });
}

function nameOf({ id, kind, clientId }: SignedIn, here: string, names: ReadonlyMap<string, string>, texts: Texts): string {
  if (kind === 'browser') return id === here ? texts.thisBrowser : texts.otherBrowser;
  return names.get(clientId ?? '') ?? clientId ?? '';
}

interface Shown {
  readonly texts: Texts;
  readonly token: Html;
  readonly name: string;
  readonly from: Whereabouts | undefined;
}

function placeOf({ id, since, lastUsed }: SignedIn, { texts, token, name, from }: Shown): Html {
  return html`<li>
    <strong>${name}</strong><br />${texts.sinceAndUsed(timeOf(since), timeOf(lastUsed))}
    ${from && html`<br />${texts.seenAt(from.address, agentName(from.agent))}`}
    <form method="post" action="/account/end">
      ${token}<input type="hidden" name="id" value="${id}" />
      <button class="quiet" type="submit" aria-label="${texts.endAt(name)}">${texts.end}</button>
    </form>
  </li>`;
}

function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
